import assert from "node:assert/strict";
import program from "../../../index.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import type { Recording } from "../../../lib/recording.ts";
import { registration } from "../../program/registrations.ts";
import { at } from "../../../lib/json.ts";

const config = {
  imageRegistry: "europe-west4-docker.pkg.dev/acme-ml-prod/mlops",
  cluster: JSON.stringify({ kind: "gke", project: "acme-ml-prod", region: "europe-west4" }),
  projects: JSON.stringify([{ name: "pageviews" }]),
};

describe("the two layers of a GKE stack", () => {
  let cluster: Recording;
  let platform: Recording;

  before(async () => {
    cluster = await record(program, { config: { ...config, layers: '["cluster"]' } });
    const clusterStack = "organization/mlops/gke-cluster";
    platform = await record(program, {
      config: { ...config, layers: '["platform"]', clusterStack },
      stackOutputs: () => ({ outputs: cluster.outputs, secretNames: ["postgresAdminPassword"] }),
    });
  });

  it("share no resource: Google's are of the one, Kubernetes' of the other", () => {
    const of = ({ resources }: Recording, scheme: string) => resources.filter(({ type }) => type.startsWith(scheme));
    assert.deepEqual(of(platform, "gcp:"), []);
    assert.deepEqual(of(cluster, "kubernetes:"), []);
    assert.ok(of(cluster, "gcp:").length > 20 && of(platform, "kubernetes:").length > 100);
  });

  it("have one identity for each service account, made in the one and worn in the other", () => {
    for (const [client, name] of [
      ["pageviews", "pageviews"],
      ["mlflow", "mlflow"],
      ["airflow", "airflow-worker"],
    ] as const) {
      const made = at(cluster.outputs, `handover.storage.${client}.accountAnnotations.${name}`);
      const account = registration(platform.resources, "kubernetes:core/v1:ServiceAccount", name);
      assert.deepEqual(at(account.inputs, "metadata.annotations"), made);
      assert.ok(made !== undefined);
    }
  });

  it("reach the same Postgres by the name in its certificate, with a password that stays secret", () => {
    const host = at(cluster.outputs, "handover.postgres.host");
    const { inputs } = registration(platform.resources, "kubernetes:batch/v1:Job", "databases");
    const environment = at(inputs, "spec.template.spec.containers.0.env") as { name: string; value?: string }[];
    assert.equal(environment.find(({ name }) => name === "PGHOST")?.value, host);
    assert.equal(environment.find(({ name }) => name === "PGSSLMODE")?.value, "verify-full");
    const secret = registration(platform.resources, "kubernetes:core/v1:Secret", "databases-admin");
    assert.ok(secret.secretPaths.some((path) => path.startsWith("stringData")));
  });
});
