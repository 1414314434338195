import assert from "node:assert/strict";
import { clientsByStore } from "../../../components/clients.ts";
import { createCluster } from "../../../components/cluster/create.ts";
import { validate } from "../../../config.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import { registration, typesAndNames } from "../../program/registrations.ts";
import { at } from "../../../lib/json.ts";

const identity = { kind: "gke", project: "acme-ml-prod", region: "europe-west4", name: "team" };

describe("an existing GKE cluster", () => {
  const run = (own: object = {}) =>
    record(() => {
      const config = validate({
        cluster: { kind: "existing", context: "team", identity: { ...identity, ...own } },
        projects: [{ name: "pageviews" }],
      });
      const { capabilities, objectStorage, managedPostgres } = createCluster(config, clientsByStore(config).cloud);
      assert.equal(managedPostgres, undefined);
      return { endpoints: capabilities.identityEndpoints, access: objectStorage?.access };
    });

  it("gets a bucket and identities, and nothing else", async () => {
    const { resources, outputs } = await run();
    const types = new Set(resources.filter(({ type }) => type.startsWith("gcp:")).map(({ type }) => type));
    assert.deepEqual([...types].sort(), [
      "gcp:serviceaccount/account:Account",
      "gcp:serviceaccount/iAMMember:IAMMember",
      "gcp:storage/bucket:Bucket",
      "gcp:storage/bucketIAMMember:BucketIAMMember",
    ]);
    assert.equal(at(outputs, "access.pageviews.uri"), "gs://acme-ml-prod-team-data/projects/pageviews");
  });

  it("trusts the pool of its project, and lets pods reach the metadata server", async () => {
    const { resources, outputs } = await run();
    const trust = registration(resources, "gcp:serviceaccount/iAMMember:IAMMember", "pageviews-pageviews").inputs;
    assert.equal(trust.member, "serviceAccount:acme-ml-prod.svc.id.goog[pageviews/pageviews]");
    assert.deepEqual(outputs.endpoints, [
      { cidr: "169.254.169.252/32", ports: [987, 988] },
      { cidr: "169.254.169.254/32", ports: [80] },
    ]);
  });

  it("keeps its bucket unless it is told not to", async () => {
    const bucketOf = async (own: object) => {
      const { resources } = await run(own);
      const { protect, inputs } = registration(resources, "gcp:storage/bucket:Bucket", "team");
      return { protect, forceDestroy: inputs.forceDestroy };
    };
    assert.deepEqual(await bucketOf({}), { protect: true, forceDestroy: false });
    assert.deepEqual(await bucketOf({ deletionProtection: false }), { protect: false, forceDestroy: true });
  });

  it("names its provider and parents all of it", async () => {
    const { resources } = await run();
    const google = resources.filter(({ type }) => type.startsWith("gcp:"));
    assert.ok(google.every(({ provider, parent }) => provider.includes("providers:gcp::cluster") && parent !== ""));
    assert.ok(typesAndNames(resources).includes("mlops:gke-storage:GkeStorage team"));
  });
});
