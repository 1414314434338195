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

  it("names a release of the nodes' image for its version of Kubernetes alone", () => {
    const release = (nodeRelease: string, kubernetesVersion?: string) =>
      validate({ imageRegistry, cluster: { kind: "eks", region: "eu-central-1", nodeRelease, kubernetesVersion } });
    release("1.35.0-20261120");
    release("1.35.0-20261120", "1.35");
    assert.throws(
      () => release("1.35.0-20261120", "1.36"),
      /cluster\.nodeRelease: .*cluster\.kubernetesVersion, which is 1\.36/,
    );
  });

  it("has a small profile in examples/", () => {
    const path = join(import.meta.dirname, "../../examples/stacks/small-eks.yaml");
    const file: unknown = parse(readFileSync(path, "utf8"));
    assert.ok(isObject(file) && isObject(file.config), "no configuration in the file");
    const keys = Object.entries(file.config).map(([key, value]) => [key.replace("mlops:", ""), value] as const);
    const { cluster, postgres } = validate(Object.fromEntries(keys));
    assert.ok(cluster.kind === "eks" && cluster.nodes.maxCount <= 2);
    assert.equal(postgres.kind, "cluster");
  });
});
