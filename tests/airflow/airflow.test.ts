import assert from "node:assert/strict";
import type { Recording, Registration } from "../../lib/recording.ts";
import { registration, typesAndNames } from "../program/registrations.ts";
import { deploy, firstRotation } from "./cases.ts";
import { at } from "../../lib/json.ts";

const chartType = "kubernetes:helm.sh/v4:Chart";

function chart({ resources }: Recording): Registration {
  return registration(resources, chartType, "airflow");
}

describe("Airflow", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:core/v1:ConfigMap airflow-log-storage",
      "kubernetes:core/v1:ConfigMap airflow-platform",
      "kubernetes:core/v1:ConfigMap airflow-postgres-ca",
      "kubernetes:core/v1:Secret airflow-admin",
      "kubernetes:core/v1:Secret airflow-keys",
      "kubernetes:core/v1:Secret airflow-log-storage",
      "kubernetes:core/v1:Secret airflow-metadata",
      "kubernetes:core/v1:ServiceAccount airflow-api-server",
      "kubernetes:core/v1:ServiceAccount airflow-create-user-job",
      "kubernetes:core/v1:ServiceAccount airflow-dag-processor",
      "kubernetes:core/v1:ServiceAccount airflow-migrate-database-job",
      "kubernetes:core/v1:ServiceAccount airflow-scheduler",
      "kubernetes:core/v1:ServiceAccount airflow-statsd",
      "kubernetes:core/v1:ServiceAccount airflow-triggerer",
      "kubernetes:core/v1:ServiceAccount airflow-worker",
      "kubernetes:helm.sh/v4:Chart airflow",
      "kubernetes:rbac.authorization.k8s.io/v1:Role airflow-executor",
      "kubernetes:rbac.authorization.k8s.io/v1:Role airflow-log-reader",
      "kubernetes:rbac.authorization.k8s.io/v1:Role pageviews-airflow-task-launcher",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding airflow-executor",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding airflow-log-reader",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding pageviews-airflow-task-launcher",
      "mlops:accounts:AirflowAccounts airflow-accounts",
      "mlops:airflow:Airflow airflow",
      "mlops:secrets:AirflowSecrets airflow-secrets",
      "mlops:volumes:AirflowVolumes airflow-volumes",
      "random:index/randomBytes:RandomBytes airflow-fernet-key-1",
      "random:index/randomPassword:RandomPassword airflow-admin",
      "random:index/randomPassword:RandomPassword airflow-api-secret-key",
      "random:index/randomPassword:RandomPassword airflow-jwt",
    ]);
  });

  it("takes the pinned chart from the configured place, as release airflow", () => {
    const { values, ...inputs } = chart(recording).inputs;
    assert.deepEqual(inputs, {
      name: "airflow",
      namespace: "mlops",
      chart: "airflow",
      version: "1.22.0",
      repositoryOpts: { repo: "https://airflow.apache.org" },
    });
    assert.equal(at(values, "executor"), "KubernetesExecutor");
  });

  it("gives the chart values that are known before anything exists, none of them secret", async () => {
    for (const logs of ["credentials", "identity", "volume"] as const) {
      const preview = chart(await deploy({ dryRun: true, logs }));
      assert.doesNotMatch(JSON.stringify(preview.inputs), /known after up/);
      assert.deepEqual(preview.secretPaths, []);
    }
  });

  it("lets the chart wait for all that its objects name", () => {
    const waitedFor = recording.resources.filter(({ type }) =>
      /:(Secret|ConfigMap|ServiceAccount|Role|RoleBinding)$/.test(type),
    );
    const { dependencies } = chart(recording);
    assert.deepEqual(
      waitedFor.map(({ urn }) => urn).filter((urn) => !dependencies.includes(urn)),
      [],
    );
  });

  it("writes what the pods read into ConfigMaps", () => {
    const data = (name: string) => registration(recording.resources, "kubernetes:core/v1:ConfigMap", name).inputs.data;
    assert.deepEqual(data("airflow-platform"), { "platform.json": '{"version": 1}' });
    assert.deepEqual(data("airflow-postgres-ca"), { "ca.crt": "-----BEGIN CERTIFICATE-----" });
    assert.deepEqual(data("airflow-log-storage"), {
      AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER: "s3://mlops/airflow/logs",
      AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000",
      AWS_REGION: "us-east-1",
    });
  });

  const image = (made: Recording) => at(chart(made).inputs, "values.images.airflow");
  it("runs the image with the DAGs when they come with it", () => {
    assert.deepEqual(image(recording), { repository: "registry.example.org/mlops/airflow", tag: "0.1.0" });
  });

  it("runs the upstream image when DAGs come from elsewhere", async () => {
    const made = await deploy({ airflow: { dags: { kind: "hostPath", path: "/srv/dags" } } });
    assert.deepEqual(image(made), { repository: "docker.io/apache/airflow", tag: "3.3.2" });
  });

  it("runs the stack's own image wherever DAGs come from", async () => {
    const made = await deploy({ airflow: { image: "registry.example.org/team/airflow:7.0.0" } });
    assert.deepEqual(image(made), { repository: "registry.example.org/team/airflow", tag: "7.0.0" });
  });

  it("restarts its pods for a new generation of its own secrets and of those made for it", async () => {
    const made = await deploy({ args: { rotation: { ...firstRotation, fernet: 2, fernetRetired: 1, database: 3 } } });
    assert.deepEqual(at(chart(made).inputs, "values.airflowPodAnnotations"), {
      "mlops/fernet-generation": "2",
      "mlops/fernetRetired-generation": "1",
      "mlops/database-generation": "3",
      "mlops/minioKeys-generation": "1",
      "mlops/sessions-generation": "1",
    });
  });

  it("restarts nothing for another password of the admin", async () => {
    const made = await deploy({ args: { rotation: { ...firstRotation, admin: 2 } } });
    const annotations = "values.airflowPodAnnotations";
    assert.deepEqual(at(chart(made).inputs, annotations), at(chart(recording).inputs, annotations));
  });

  it("puts the stack's labels on the chart's objects", async () => {
    const made = await deploy({ args: { labels: { "cost-center": "ml" } } });
    assert.equal(at(chart(made).inputs, "values.labels.cost-center"), "ml");
  });

  it("refuses logs that do not fit the configuration", async () => {
    await assert.rejects(
      deploy({ args: { logs: undefined } }),
      /logs\.kind is objectStorage: the argument logs is required/,
    );
  });

  it("counts as ready when the chart is", () => {
    assert.equal(recording.outputs.ready, 1);
    assert.equal(chart(recording).parent, registration(recording.resources, "mlops:airflow:Airflow", "airflow").urn);
  });
});
