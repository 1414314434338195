import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render } from "../../preview/render.ts";
import { unknown } from "../../lib/wire.ts";
import { folder } from "../program/program-cases.ts";

const program = `
import * as pulumi from "@pulumi/pulumi";
export default () => {
  const config = new pulumi.Config();
  if (pulumi.getStack() === "cluster") return { registry: "registry.example.org/cluster", key: pulumi.secret("text") };
  const other = new pulumi.StackReference(config.require("clusterStack"));
  return { image: pulumi.interpolate\`\${other.requireOutput("registry")}/image:1\`, key: other.getOutput("key") };
};
`;

describe("render", () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "render-"));
    writeFileSync(join(scratch, "package.json"), '{"type": "module"}');
    writeFileSync(join(scratch, "Pulumi.yaml"), "name: mlops");
    writeFileSync(join(scratch, "Pulumi.cluster.yaml"), "");
    writeFileSync(join(scratch, "index.ts"), program);
    symlinkSync(join(folder, "node_modules"), join(scratch, "node_modules"));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  async function renderWith(clusterStack: string) {
    writeFileSync(join(scratch, "Pulumi.platform.yaml"), `config: {"mlops:clusterStack": ${clusterStack}}`);
    return render({ folder: scratch, stack: "platform" });
  }

  it("gives a stack the outputs of the stack that it refers to, rendered before it", async () => {
    const { outputs, secretOutputPaths } = await renderWith("organization/mlops/cluster");
    assert.deepEqual(outputs, { image: "registry.example.org/cluster/image:1", key: "text" });
    assert.deepEqual(secretOutputPaths, ["key"]);
  });

  it("leaves the outputs of a stack that has no file here unknown", async () => {
    const { outputs } = await renderWith("organization/other/cluster");
    assert.deepEqual(outputs, { image: unknown, key: unknown });
  });
});
