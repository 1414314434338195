import assert from "node:assert/strict";
import { replacementsOf, replaces } from "../../preview/replacements/replacements.ts";

// tests/program/program.test.ts asks for every type of every stack.
describe("the table of what a provider replaces", () => {
  it("knows no type that it was never told of", () =>
    assert.equal(replacementsOf("aws:ec2/instance:Instance"), undefined));

  const claim = "kubernetes:core/v1:PersistentVolumeClaim";
  const cases: [type: string, path: string, replaced: boolean][] = [
    [claim, "spec.storageClassName", true],
    [claim, "spec.accessModes[0]", true],
    [claim, "metadata.namespace", true],
    [claim, "metadata.labels.app", false],
    [claim, "spec.resources.requests.storage", false],
    ["kubernetes:batch/v1:Job", "spec.template.spec.containers[main].image", true],
    ["kubernetes:apps/v1:StatefulSet", "spec.template.spec.containers[main].image", false],
    ["kubernetes:core/v1:ConfigMap", "data.config", false],
    ["kubernetes:core/v1:Namespace", "metadata.name", true],
    ["aws:rds/instance:Instance", "storageEncrypted", true],
    ["aws:rds/instance:Instance", "instanceClass", false],
    ["aws:eks/nodeGroup:NodeGroup", "instanceTypes[0]", true],
    ["aws:eks/nodeGroup:NodeGroup", "scalingConfig.maxSize", false],
    ["aws:s3/bucket:Bucket", "bucket", true],
    ["gcp:sql/databaseInstance:DatabaseInstance", "region", true],
    ["gcp:sql/databaseInstance:DatabaseInstance", "settings.tier", false],
    ["gcp:container/nodePool:NodePool", "nodeConfig.machineType", false],
    ["gcp:container/nodePool:NodePool", "nodeConfig.spot", true],
    ["random:index/randomPassword:RandomPassword", "keepers.generation", true],
    ["pulumi:providers:kubernetes", "kubeconfig", false],
    ["gcp:storage/bucket:Bucket", "(option) protect", false],
  ];
  for (const [type, path, replaced] of cases) {
    it(`${type.split(":").at(-1) ?? ""} is ${replaced ? "replaced" : "updated"} for ${path}`, () =>
      assert.equal(replaces(type, path), replaced));
  }
});
