import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";
import { recordEks } from "./eks-recording.ts";
import { installIamTools, runIamTool } from "./iam-tools.ts";

const top = join(import.meta.dirname, "../../..");
/** What parliament says of identity policies by their name. */
const lint = (policies: Record<string, unknown>) => runIamTool("lint.py", policies) as string[];

describe("parliament", () => {
  before(function (this: Context) {
    installIamTools(this);
  });

  it("finds nothing in the identity policies of the cluster", async function (this: Context) {
    this.timeout(60_000);
    const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/example";
    const exposure = { kind: "ingress", domain: "ml.example.org", certificateArn };
    const { resources } = await recordEks({}, { exposure });
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.equal(policies.length, 8);
    const byName = policies.map(({ name, inputs }) => [name, JSON.parse(String(inputs.policy)) as unknown] as const);
    assert.deepEqual(lint(Object.fromEntries(byName)), []);
  });

  it("finds nothing in the policy of the identity that deploys", () => {
    const policy: unknown = JSON.parse(readFileSync(join(top, "components/cluster/eks/deploy-policy.json"), "utf8"));
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
