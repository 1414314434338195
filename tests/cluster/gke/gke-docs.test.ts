import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "../../program/program-cases.ts";
import { recordGke } from "./gke-cases.ts";

interface Grant {
  role: string;
  for: string[];
}

describe("the documentation of GKE", () => {
  it("names a role for each kind of resource that a deploy makes, and no primitive one", async () => {
    const policy = JSON.parse(readFileSync(join(folder, "components/cluster/gke/deployer-roles.json"), "utf8")) as {
      cluster: Grant[];
    };
    const { resources } = await recordGke({
      cluster: { dnsZone: "ml-example-org", spotNodes: {}, gpuNodes: {}, network: { databasePeering: true } },
      exposure: { kind: "ingress", domain: "ml.example.org" },
    });
    const made = resources
      .filter(({ type }) => type.startsWith("gcp:"))
      .map(({ type }) => /^gcp:(\w+)\//.exec(type)?.[1]);
    const covered = policy.cluster.flatMap((grant) => grant.for);
    assert.deepEqual([...new Set(made)].sort(), [...new Set(covered)].sort());
    assert.ok(policy.cluster.every(({ role }) => !/^roles\/(owner|editor|viewer)$/.test(role)));
  });
});
