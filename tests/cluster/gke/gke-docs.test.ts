import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { validate } from "../../../config.ts";
import { at, isObject } from "../../../lib/json.ts";
import { folder } from "../../program/program-cases.ts";
import { recordGke } from "./gke-cases.ts";

const docs = join(folder, "docs");

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

  it("has a configuration for trying it out that is valid, protects nothing and has no managed Postgres", () => {
    const text = readFileSync(join(docs, "gke.md"), "utf8");
    const [, block = ""] = /### Trying it out[\s\S]*?```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const keys: unknown = parse(block);
    assert.ok(isObject(keys));
    const values = Object.entries(keys).map(([key, value]) => [key.replace("mlops:", ""), value] as const);
    const config = validate({ ...Object.fromEntries(values), imageRegistry: "registry.example.org/mlops" });
    assert.equal(at(config.cluster, "deletionProtection"), false);
    assert.equal(at(config.cluster, "nodes.maxCount"), 1);
    assert.equal(config.postgres.kind, "cluster");
  });
});
