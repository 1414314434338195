import assert from "node:assert/strict";
import { at, listAt, textAt } from "../../lib/json.ts";
import type { Rendering } from "../../preview/render.ts";
import { casesOf, renderCase } from "../program/program-cases.ts";
import { registration } from "../program/registrations.ts";

const endpoint = "https://s3.example.org:8443";

async function renderSite(secretKey?: string): Promise<Rendering> {
  const found = casesOf("minikube").find(({ title }) => title === "an S3 of the site");
  assert.ok(found !== undefined);
  const changed = secretKey === undefined ? {} : { secrets: { s3: { accessKey: "another", secretKey } } };
  return renderCase({ ...found, config: { ...found.config, ...changed } });
}

describe("a platform on an S3 of the site", () => {
  let rendering: Rendering;
  before(async () => {
    rendering = await renderSite();
  });
  const inputs = (type: string, name: string, of = rendering) => registration(of.resources, type, name).inputs;
  const data = (name: string) => at(inputs("kubernetes:core/v1:ConfigMap", name), "data");

  it("has nothing of MinIO: no pod, Job, volume, Secret, Service, UI, scrape or network rule", () => {
    assert.deepEqual(
      rendering.resources.filter(({ name }) => name.includes("minio")).map(({ urn }) => urn),
      [],
    );
    const settings = JSON.stringify([
      data("prometheus-config"),
      rendering.resources.filter(({ type }) => type.endsWith(":NetworkPolicy")).map((resource) => resource.inputs),
    ]);
    assert.doesNotMatch(settings, /minio/);
    assert.equal(JSON.stringify(rendering.outputs).includes("minio-"), false);
  });

  it("gives every client its folder of the bucket and the endpoint", () => {
    const base = "s3://company/teams/ml";
    const uris = {
      backup: at(data("backup"), "BACKUP_URI"),
      pageviews: at(data("pageviews"), "DATA_URI"),
      airflow: at(data("airflow-log-storage"), "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"),
    };
    assert.deepEqual(uris, {
      backup: `${base}/backups`,
      pageviews: `${base}/projects/pageviews`,
      airflow: `${base}/airflow/logs`,
    });
    for (const name of ["backup", "pageviews", "airflow-log-storage"])
      assert.equal(at(data(name), "AWS_ENDPOINT_URL_S3"), endpoint, name);
    const [server] = listAt(mlflowPod(rendering), "spec.containers");
    assert.ok(listAt(server, "args").includes(`--artifacts-destination=${base}/mlflow/artifacts`));
    const variables = listAt(server, "env").filter((variable) => textAt(variable, "value") === endpoint);
    assert.equal(variables.length, 1);
  });

  it("restarts MLflow and Airflow for new keys, and shows none of them", async () => {
    const after = await renderSite("new-secret-key");
    for (const of of [
      (each: Rendering) => at(mlflowPod(each), "metadata.annotations"),
      (each: Rendering) => at(inputs("kubernetes:helm.sh/v4:Chart", "airflow", each), "values.airflowPodAnnotations"),
    ]) {
      assert.notDeepEqual(of(after), of(rendering));
      assert.doesNotMatch(JSON.stringify(of(after)), /new-secret-key/);
    }
  });

  const mlflowPod = (of: Rendering) => at(inputs("kubernetes:apps/v1:Deployment", "mlflow", of), "spec.template");
});
