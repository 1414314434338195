import assert from "node:assert/strict";
import { inputProblems } from "../../preview/facts/input-problems.ts";

const account = "gcp:serviceaccount/account:Account";
const cluster = "gcp:container/cluster:Cluster";

function problemsOf(type: string, inputs: Record<string, unknown>, secretPaths: string[] = []): string[] {
  return inputProblems({ type, name: "main", inputs, secretPaths });
}

describe("the inputs that a cloud's provider refuses", () => {
  it("are none where all are right, whatever keys a map has", () =>
    assert.deepEqual(problemsOf(cluster, { name: "mlops", resourceLabels: { any: "label" } }), []));

  it("are those that exceed a length, with both lengths", () =>
    assert.deepEqual(problemsOf(account, { accountId: "a".repeat(31) }), [
      `main (${account}) accountId: found "${"a".repeat(31)}", 31 characters; allowed: 6 to 30 characters`,
    ]));

  it("are those that are missing", () =>
    assert.deepEqual(problemsOf("gcp:storage/bucket:Bucket", {}), [
      "main (gcp:storage/bucket:Bucket) location: not set; expected: a value",
    ]));

  it("are those that do not exist, in a block too", () =>
    assert.deepEqual(problemsOf(cluster, { releaseChannel: { chanel: "STABLE", channel: "STABLE" } }), [
      `main (${cluster}) releaseChannel.chanel: found "STABLE"; allowed: nothing, the type has no such input`,
    ]));

  it("are those outside of an enumeration or a range, in a list too", () => {
    const found = problemsOf("aws:eks/cluster:Cluster", {
      roleArn: "arn:aws:iam::111122223333:role/r",
      vpcConfig: { subnetIds: ["subnet-1"] },
      accessConfig: { authenticationMode: "NONE" },
    });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /accessConfig.authenticationMode: found "NONE", 4 characters; allowed: API, /);
    const disk = problemsOf(cluster, { nodePools: [{ nodeConfig: { diskSizeGb: 1 } }] });
    assert.deepEqual(disk, [`main (${cluster}) nodePools[0].nodeConfig.diskSizeGb: found 1; allowed: at least 10`]);
  });

  it("never show a secret", () => {
    const [found = ""] = problemsOf(account, { accountId: "secret".repeat(6) }, ["accountId"]);
    assert.match(found, /found \[secret\], 36 characters/);
  });

  it("are not known of a type that was never asked about", () =>
    assert.deepEqual(problemsOf("gcp:pubsub/topic:Topic", { nope: 1 }), []));
});
