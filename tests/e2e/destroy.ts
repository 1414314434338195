import assert from "node:assert/strict";
import { kubectl } from "../cluster.ts";

/** A platform that was destroyed, or is to be. */
export interface DestroyedPlatform {
  kubeconfig: string;
  /** The platform's namespace and those of its projects. */
  namespaces: string[];
  destroy: () => Promise<void>;
}

/** Cluster-wide objects that the program or its volumes may leave behind. */
const clusterWide = ["clusterroles", "clusterrolebindings", "persistentvolumes"];

/** Destroys a platform and looks for what it left in the cluster. */
export function destroyTests(given: () => DestroyedPlatform): void {
  describe("a destroyed platform", function () {
    this.timeout(900_000);
    let platform: DestroyedPlatform;
    const names = async (...args: string[]) => {
      const { stdout } = await kubectl(platform.kubeconfig, ["get", ...args, "--output", "name"]);
      return stdout.trim().split("\n").filter(Boolean);
    };

    before(async () => {
      platform = given();
      await platform.destroy();
    });

    it("leaves no namespace, and with it nothing in one", async () => {
      assert.deepEqual(await names("namespaces", ...platform.namespaces, "--ignore-not-found"), []);
    });

    it("leaves nothing of its own in the rest of the cluster", async () => {
      assert.deepEqual(await names(clusterWide.join(","), "--selector", "app.kubernetes.io/part-of=mlops"), []);
      const services = ["--all-namespaces", "--field-selector", "spec.type=LoadBalancer"];
      assert.deepEqual(await names("services", ...services), []);
    });

    it("leaves no volume that one of its claims was bound to", async () => {
      const query = "jsonpath={range .items[*]}{.status.phase} {.spec.claimRef.namespace}{'\\n'}{end}";
      const { stdout } = await kubectl(platform.kubeconfig, ["get", "persistentvolumes", "--output", query]);
      const bound = stdout
        .split("\n")
        .map((line) => line.split(" "))
        .filter(([phase, namespace = ""]) => phase === "Bound" && platform.namespaces.includes(namespace));
      assert.deepEqual(bound, []);
    });
  });
}
