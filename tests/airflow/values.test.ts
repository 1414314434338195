import assert from "node:assert/strict";
import { type AirflowOptions, chartValues } from "../../components/airflow/values.ts";
import { publicImages } from "../../components/images.ts";
import { skipWithReason } from "../skip.ts";
import { dagSourceNames, dagSources, executors, options } from "./cases.ts";
import { chartSchema, unknownKeys, validator } from "./chart-schema.ts";
import { at } from "../../lib/json.ts";

/** Each executor with each DAG source, and what else changes the values. */
const variants: Record<string, AirflowOptions> = {
  ...Object.fromEntries(
    executors.flatMap((executor) =>
      dagSourceNames.map((name) => [`${executor}, DAGs by ${name}`, options({ executor, dags: dagSources[name] })]),
    ),
  ),
  ...Object.fromEntries(
    executors.map((executor) => [
      `${executor}, high availability, logs on a volume, behind a proxy`,
      options({
        executor,
        highAvailability: true,
        celeryWorkers: 3,
        logs: { kind: "volume" },
        baseUrl: "https://airflow.example.org",
        labels: { "cost-center": "ml" },
      }),
    ]),
  ),
};

describe("chartValues", () => {
  it("runs the pinned Airflow, whatever the chart's default is", () => {
    const values = chartValues(options({ image: "docker.io/apache/airflow:3.3.2" }));
    assert.equal(values.airflowVersion, publicImages.airflow.tag);
    assert.equal(values.defaultAirflowRepository, "docker.io/apache/airflow");
    assert.equal(values.defaultAirflowTag, "3.3.2");
  });

  it("runs a custom image in components and worker pods alike", () => {
    const { images } = chartValues(options({ image: "registry.example.org:5000/team/airflow:1.2.3" }));
    const image = { repository: "registry.example.org:5000/team/airflow", tag: "1.2.3" };
    assert.deepEqual([images.airflow, images.pod_template], [image, image]);
  });

  it("keeps the digest of a worker pod's image, which the chart's own key would drop", () => {
    const digest = "a".repeat(64);
    const reference = `registry.example.org/airflow@sha256:${digest}`;
    const { repository, tag } = chartValues(options({ image: reference })).images.pod_template;
    assert.equal(`${repository}:${tag}`, reference);
  });

  for (const reference of ["airflow", "registry.example.org:5000/airflow"]) {
    it(`refuses the image ${reference}, which is not pinned`, () => {
      const message = new RegExp(`the image ${reference} has neither a tag nor a digest`);
      assert.throws(() => chartValues(options({ image: reference })), message);
    });
  }

  it("leaves out the subcharts, roles and policies that the platform has itself", () => {
    const values = chartValues(options());
    assert.deepEqual(
      [values.postgresql, values.flower, values.rbac, values.networkPolicies, values.redis.enabled],
      [{ enabled: false }, { enabled: false }, { create: false }, { enabled: false }, false],
    );
    assert.equal(values.enableServiceLinks, false);
  });

  it("names every Secret that the chart would fill at random", () => {
    const { fernetKeySecretName, apiSecretKeySecretName, jwtSecretName } = chartValues(options());
    assert.deepEqual([fernetKeySecretName, apiSecretKeySecretName, jwtSecretName], Array(3).fill("airflow-keys"));
  });

  it("keeps database and keys out of what every container gets", () => {
    const { enableBuiltInSecretEnvVars: variables } = chartValues(options());
    const given = Object.keys(variables).filter((name) => variables[name]);
    assert.deepEqual(given, ["AIRFLOW__API_AUTH__JWT_SECRET"], "the chart gives this one to none but two components");
  });

  it("mounts platform.json and the database's authority everywhere", () => {
    const { volumes, volumeMounts } = chartValues(options());
    assert.deepEqual(volumes, [
      { name: "platform", configMap: { name: "airflow-platform" } },
      { name: "postgres-ca", configMap: { name: "airflow-postgres-ca" } },
    ]);
    assert.deepEqual(volumeMounts, [
      { name: "platform", mountPath: "/opt/airflow/platform", readOnly: true },
      { name: "postgres-ca", mountPath: "/etc/postgres-ca", readOnly: true },
    ]);
  });

  it("reads the log store's address and credentials from the environment", () => {
    const { extraEnvFrom, config } = chartValues(options());
    assert.equal(
      extraEnvFrom,
      "- configMapRef:\n    name: airflow-log-storage\n- secretRef:\n    name: airflow-log-storage\n",
    );
    assert.equal(at(config, "logging.remote_logging"), "True");
    assert.equal(at(config, "logging.remote_log_conn_id"), undefined, "SDKs find their identity themselves");
  });

  it("adds nothing to the environment for logs on a volume", () => {
    assert.equal(chartValues(options({ logs: { kind: "volume" } })).extraEnvFrom, "");
  });

  it("tells Airflow its URL only where it is known", () => {
    assert.equal(chartValues(options()).config.api, undefined);
    const { config } = chartValues(options({ baseUrl: "https://airflow.example.org" }));
    assert.deepEqual(config.api, { base_url: "https://airflow.example.org" });
  });

  it("sends metrics with labels, and each of them once", () => {
    assert.deepEqual(chartValues(options()).config.metrics, {
      statsd_influxdb_enabled: "True",
      legacy_names_on: "False",
    });
  });

  it("lets Pulumi wait for no Service's pods, whose Deployments it waits for", () => {
    const { apiServer, statsd } = chartValues(options());
    const skipAwait = { "pulumi.com/skipAwait": "true" };
    assert.deepEqual([apiServer.service.annotations, statsd.service.extraAnnotations], [skipAwait, skipAwait]);
  });

  it("restarts every pod with a new generation", () => {
    const podAnnotations = { "mlops/secrets-generation": "2" };
    assert.deepEqual(chartValues(options({ podAnnotations })).airflowPodAnnotations, podAnnotations);
  });

  it("is the same plain data each time", () => {
    for (const variant of Object.values(variants)) {
      const text = JSON.stringify(chartValues(variant));
      assert.equal(JSON.stringify(chartValues(variant)), text);
      assert.deepEqual(JSON.parse(text), chartValues(variant), "an undefined or a function is no plain data");
    }
  });
});

describe("chartValues and the chart's schema", function () {
  // Compiling it takes seconds.
  this.timeout(60_000);
  const schema = chartSchema();
  let isValid: ReturnType<typeof validator>;
  before(function () {
    if (typeof schema === "string") return skipWithReason(this, schema);
    isValid = validator(schema);
  });

  it("finds a key that the schema lets pass", () => {
    assert.ok(typeof schema !== "string");
    const wrong = {
      executer: "LocalExecutor",
      securityContexts: { pods: {} },
      ingress: { webserver: {} },
      rbac: { created: false },
      workers: { kubernetes: { resource: {} }, celery: { replica: 1 } },
      scheduler: { serviceAccount: { nam: "x" }, env: [{ nam: "x" }] },
    };
    assert.deepEqual(unknownKeys(wrong, schema), [
      "executer",
      "securityContexts.pods",
      "ingress.webserver",
      "rbac.created",
      "workers.kubernetes.resource",
      "workers.celery.replica",
      "scheduler.serviceAccount.nam",
      "scheduler.env[0].nam",
    ]);
    assert.equal(isValid({ workers: wrong.workers, rbac: wrong.rbac }), true);
  });

  for (const [title, variant] of Object.entries(variants)) {
    it(`fits with ${title}`, () => {
      assert.ok(typeof schema !== "string");
      const values = chartValues(variant);
      assert.ok(isValid(values), JSON.stringify(isValid.errors, undefined, 2));
      assert.deepEqual(unknownKeys(values, schema), []);
    });
  }
});
