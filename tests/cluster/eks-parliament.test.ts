import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";
import { skipWithReason } from "../skip.ts";
import { recordEks } from "./eks-recording.ts";

const top = join(import.meta.dirname, "../..");
const project = join(top, "tests/iam");

function uv(args: string[], input = "") {
  const environment = { ...process.env, UV_PROJECT_ENVIRONMENT: join(top, ".venv/iam") };
  const options = { encoding: "utf8" as const, env: environment, input };
  return spawnSync(join(top, "scripts/uv"), [...args, "--quiet", "--frozen", "--project", project], options);
}

/** What parliament says of identity policies by their name. */
function lint(policies: Record<string, unknown>): string[] {
  const script = join(project, "lint.py");
  const { status, stdout, stderr } = spawnSync(join(top, ".venv/iam/bin/python"), [script], {
    encoding: "utf8",
    input: JSON.stringify(policies),
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as string[];
}

describe("parliament", () => {
  before(function (this: Context) {
    this.timeout(180_000);
    if (uv(["sync"]).status !== 0) skipWithReason(this, "parliament cannot be installed: no Python 3.11 or no PyPI");
  });

  it("finds nothing in the identity policies of the cluster", async function (this: Context) {
    this.timeout(60_000);
    const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/example";
    const exposure = { kind: "ingress", domain: "ml.example.org", certificateArn };
    const { resources } = await recordEks({}, { exposure });
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.equal(policies.length, 7);
    const byName = policies.map(({ name, inputs }) => [name, JSON.parse(String(inputs.policy)) as unknown] as const);
    assert.deepEqual(lint(Object.fromEntries(byName)), []);
  });

  it("finds nothing in the policy of the identity that deploys", () => {
    const policy: unknown = JSON.parse(readFileSync(join(top, "docs/policies/eks-deploy.json"), "utf8"));
    // Whoever makes a bucket sets its policy, and could let itself at the objects.
    const inherent = /RESOURCE_POLICY_PRIVILEGE_ESCALATION .*arn:aws:s3:::mlops-/;
    assert.deepEqual(
      lint({ deploy: policy }).filter((finding) => !inherent.test(finding)),
      [],
    );
  });

  it("would find an action that there is not, and one whose resource is none of its own", () => {
    const statement = (action: string, resource: string) => ({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: action, Resource: resource }],
    });
    const policies = {
      unknown: statement("s3:ReadObject", "*"),
      mismatch: statement("s3:GetObject", "arn:aws:s3:::bucket"),
    };
    const found = JSON.stringify(lint(policies));
    assert.match(found, /unknown: UNKNOWN_ACTION/);
    assert.match(found, /mismatch: RESOURCE_MISMATCH/);
  });
});
