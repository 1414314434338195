import assert from "node:assert/strict";
import { isObject } from "../../lib/json.ts";
import type { Registration } from "../../lib/recording.ts";
import { readStack } from "../../preview/stack.ts";
import { folder, renderCase } from "../program/program-cases.ts";

/** Keys of `cluster` that a running cluster gets new values of. */
const changes: Record<string, object> = {
  "more and larger nodes": { nodes: { minCount: 2, maxCount: 6, diskSizeGiB: 200 } },
  "another Kubernetes version": { kubernetesVersion: "1.36" },
  "another network that may reach the control plane": { authorizedNetworks: ["198.51.100.0/24"] },
};

/** What holds data, or would take data with it. */
const stateful = ["gcp:sql/", "gcp:storage/", "aws:rds/", "aws:s3/", "aws:kms/"];

for (const stack of ["gke", "eks"]) {
  describe(`a change of the cluster of ${stack}`, () => {
    const inputsOf = async (change: object) => {
      const config = { cluster: { ...clusterOf(stack), ...change } };
      const { resources } = await renderCase({ title: stack, stack, config });
      return new Map(resources.map((resource) => [resource.urn, resource]));
    };
    let before: Map<string, Registration>;

    beforeEach(async () => {
      before = await inputsOf({});
    });

    for (const [title, change] of Object.entries(changes)) {
      it(`to ${title} leaves every object and what holds data as it is`, async () => {
        const after = await inputsOf(change);
        assert.deepEqual(changed(before, after, isKept), []);
        const seen = changed(before, after, ({ type }) => /(container|eks)\/|launchTemplate|nodeGroup/i.test(type));
        assert.ok(seen.length > 0, "the change reaches the cluster");
      });
    }

    it("to another kubeconfig keeps the provider's identifier, by which alone its objects would be replaced", () => {
      const providers = [...before.values()].filter(({ type }) => type === "pulumi:providers:kubernetes");
      assert.ok(providers.length > 0);
      for (const { inputs } of providers) {
        assert.match(String(inputs.clusterIdentifier), /^[a-z0-9/-]+$/);
        // A replaced Secret takes the database server with it.
        assert.deepEqual([inputs.enableConfigMapMutable, inputs.enableSecretMutable].map(String), ["true", "true"]);
      }
    });
  });
}

/** Objects of the cluster itself follow it; the autoscaler's version is that of Kubernetes. */
function isKept({ type, name }: Registration): boolean {
  const isObjectOfPlatform = type.startsWith("kubernetes:") && !name.includes("autoscaler");
  return isObjectOfPlatform || stateful.some((prefix) => type.startsWith(prefix));
}

function changed(
  before: Map<string, Registration>,
  after: Map<string, Registration>,
  among: (resource: Registration) => boolean,
): string[] {
  const urns = new Set([...before.keys(), ...after.keys()]);
  return [...urns].filter((urn) => {
    const [one, other] = [before.get(urn), after.get(urn)];
    const subject = one ?? other;
    return subject !== undefined && among(subject) && JSON.stringify(one?.inputs) !== JSON.stringify(other?.inputs);
  });
}

function clusterOf(stack: string): object {
  const { project, config } = readStack(folder, stack);
  const cluster: unknown = JSON.parse(config[`${project}:cluster`] ?? "{}");
  assert.ok(isObject(cluster));
  return cluster;
}
