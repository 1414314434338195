import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import * as pulumi from "@pulumi/pulumi";
import { parseValues, validate } from "../../config.ts";
import { readStack } from "../../preview/stack.ts";
import { type Mistake, mistakes } from "./bad/all.ts";
import { folder as top } from "../program/program-cases.ts";

function fileOf({ file, config = {} }: Mistake): string {
  const keys = Object.entries(config).map(([key, value]): [string, unknown] => [`mlops:${key}`, value]);
  return file ?? stringify({ config: { "mlops:cluster": { kind: "minikube" }, ...Object.fromEntries(keys) } });
}

/** The error and the warnings that a preview answers with. */
function answerTo(folder: string): { error: string | undefined; warnings: string } {
  try {
    const { project, config, secretKeys } = readStack(folder, "mine");
    const isSecretKey = (key: string) => secretKeys.includes(`${project}:${key}`);
    const { warnings } = validate(parseValues(config, project), isSecretKey);
    return { error: undefined, warnings: JSON.stringify(warnings) };
  } catch (error) {
    assert.ok(error instanceof Error);
    return { error: error.message, warnings: "" };
  }
}

describe("a stack file with a mistake", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mistakes-"));
    symlinkSync(join(top, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const each of mistakes) {
    it(`is told of ${each.mistake}`, () => {
      writeFileSync(join(folder, "Pulumi.mine.yaml"), fileOf(each));
      const { error, warnings } = answerTo(folder);
      const answer = each.warns === true ? warnings : (error ?? "");
      assert.equal(error === undefined, each.warns === true, `answer: ${String(error)} ${warnings}`);
      for (const part of each.says) assert.ok(answer.includes(part), `${part} is not in: ${answer}`);
      if (answer.startsWith("the stack's configuration")) assert.match(answer, /fix: (scripts\/pulumi|edit) /);
    });
  }

  it("is named with its organization, as the CLI finds it from any login", async () => {
    const fixFor = async (organization: string) => {
      await pulumi.runtime.setMocks(
        { call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) },
        ...(["mlops", "prod", false, organization] as const),
      );
      writeFileSync(join(folder, "Pulumi.mine.yaml"), "config: { mlops:projects: [], mlops:imageTag: latest }");
      return answerTo(folder).error ?? "";
    };
    const all = await fixFor("acme");
    assert.match(all, /fix: scripts\/pulumi config set --stack acme\/mlops\/prod --path 'cluster\.kind'$/m);
    assert.match(await fixFor("organization"), /--stack prod --path 'cluster\.kind'$/m);
  });
});
