import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { validate } from "../../config.ts";
import { isObject } from "../../lib/json.ts";

const imageRegistry = "registry.example.org/mlops";

describe("a configuration of EKS that is right", () => {
  it("may name any letters of its region, which are those of the account", () => {
    const zones = ["eu-central-1a", "eu-central-1d", "eu-central-1x"];
    const { cluster } = validate({ imageRegistry, cluster: { kind: "eks", region: "eu-central-1", zones } });
    assert.ok(cluster.kind === "eks");
    assert.deepEqual(cluster.zones, zones);
  });

  it("may bring its own ingress class, with a certificate of its own", () => {
    const exposure = { kind: "ingress", domain: "ml.example.org", className: "nginx", tlsSecretName: "ml-tls" };
    validate({ imageRegistry, cluster: { kind: "eks", region: "eu-central-1" }, exposure });
  });

  it("may be in a region whose database nobody could verify, without that database", () => {
    const cluster = { kind: "eks", region: "xx-nowhere-1" };
    assert.equal(validate({ imageRegistry, cluster, postgres: { kind: "cluster" } }).postgres.kind, "cluster");
  });

  it("has a small profile in docs/eks.md", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/eks.md"), "utf8");
    const [, text = ""] = /## Small profile[^]*?```yaml\n([^]*?)```/.exec(page) ?? [];
    const file: unknown = parse(text);
    assert.ok(isObject(file) && isObject(file.config), "no configuration in the section");
    const keys = Object.entries(file.config).map(([key, value]) => [key.replace("mlops:", ""), value] as const);
    const { cluster, postgres } = validate(Object.fromEntries(keys));
    assert.ok(cluster.kind === "eks" && !cluster.deletionProtection && cluster.nodes.maxCount <= 2);
    assert.equal(postgres.kind, "cluster");
  });
});
