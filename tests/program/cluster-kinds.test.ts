import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exposureOf } from "../../components/web/exposure.ts";
import { createCluster } from "../../components/cluster/create.ts";
import { apiServerHost } from "../../components/cluster/minikube/kubeconfig.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration } from "./registrations.ts";

const kubeconfig = `
contexts:
  - { name: minikube, context: { cluster: local, user: me } }
clusters:
  - { name: local, cluster: { server: "https://192.0.2.17:8443" } }
`;

describe("a cluster", () => {
  let folder = "";
  let path = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    path = join(folder, "config");
    writeFileSync(path, kubeconfig);
  });

  after(() => rmSync(folder, { recursive: true }));

  async function providerOf(cluster: object) {
    const { resources } = await record(() => {
      createCluster(validate({ cluster }), []);
    });
    return registration(resources, "pulumi:providers:kubernetes", "cluster");
  }

  it("has a provider whose identifier is a literal, so that a renewed kubeconfig replaces nothing", async () => {
    const { inputs, secretPaths } = await providerOf({ kind: "existing", context: "team", kubeconfig: path });
    const inPlace = { enableConfigMapMutable: "true", enableSecretMutable: "true" };
    assert.deepEqual(inputs, { clusterIdentifier: "team", context: "team", kubeconfig: path, ...inPlace });
    assert.deepEqual(secretPaths, []);
  });

  it("of kind minikube has minikube's class and opens ports at its API server's host", async () => {
    await record(() => {
      const own = createCluster(validate({ cluster: { kind: "minikube", kubeconfig: path } }), []);
      assert.equal(own.capabilities.storageClass, "standard");
      assert.equal(own.capabilities.nodeAddress, "192.0.2.17");
      const named = createCluster(validate({ cluster: { kind: "minikube", nodeAddress: "laptop.local" } }), []);
      assert.equal(named.capabilities.nodeAddress, "laptop.local");
    }).catch((error: unknown) => {
      // Two clusters in one program share their URN; what they are was seen before that.
      assert.match(String(error), /URN/i);
    });
  });

  for (const [what, kubeconfig, address] of [
    ["forwards the API server to this machine", { server: "https://127.0.0.1:55000" }, undefined],
    ["is forwarded by name", { server: "https://localhost:55000" }, undefined],
    ["is in no kubeconfig", {}, "192.168.49.2"],
  ] as const) {
    it(`of kind minikube that ${what} has node ports at ${address ?? "no address"}`, async () => {
      const file = join(folder, `${what}.yaml`);
      const contexts = [{ name: "minikube", context: { cluster: "minikube" } }];
      const clusters = [{ name: "minikube", cluster: kubeconfig }];
      writeFileSync(
        file,
        JSON.stringify("server" in kubeconfig ? { contexts, clusters } : { contexts: null, clusters: null }),
      );
      await record(() => {
        const config = validate({ cluster: { kind: "minikube", kubeconfig: file } });
        const { capabilities } = createCluster(config, []);
        assert.equal(capabilities.nodeAddress, address);
        assert.equal(exposureOf(config, capabilities).config.kind, address === undefined ? "portForward" : "nodePort");
      });
    });
  }

  it("of kind existing brings its own class and address, or none", async () => {
    await record(() => {
      const cluster = createCluster(validate({ cluster: { kind: "existing", context: "team" } }), []);
      assert.equal(cluster.capabilities.storageClass, undefined);
      assert.equal(cluster.capabilities.nodeAddress, undefined);
      assert.equal(cluster.objectStorage, undefined);
    });
  });

  it("has no host where no kubeconfig names its context", () => {
    assert.equal(apiServerHost("other", path), undefined);
    assert.equal(apiServerHost("minikube", join(folder, "missing")), undefined);
    assert.equal(apiServerHost("minikube", path), "192.0.2.17");
  });
});
