import assert from "node:assert/strict";
import { dagSourceValues } from "../../components/airflow/dag-source.ts";
import { processEnvironment } from "../../components/airflow/environment.ts";
import { processValues } from "../../components/airflow/processes.ts";
import { componentResources } from "../../components/airflow/resources.ts";
import { dagSources } from "./cases.ts";

function valuesFor(replaced: Partial<Parameters<typeof processValues>[0]> = {}) {
  return processValues({
    namespace: "mlops",
    highAvailability: false,
    environment: processEnvironment(false),
    dagSource: dagSourceValues(dagSources.bundleSsh, undefined),
    sitePodAnnotations: {},
    replicas: {},
    resources: componentResources,
    hasLocalTasks: false,
    isBehindTlsProxy: false,
    localLogRetentionDays: 1,
    ...replaced,
  });
}

const accounts = {
  scheduler: "airflow-scheduler",
  apiServer: "airflow-api-server",
  triggerer: "airflow-triggerer",
  dagProcessor: "airflow-dag-processor",
} as const;
const names = ["scheduler", "apiServer", "triggerer", "dagProcessor"] as const;

const migration = "batch/namespaces/mlops/Job/airflow-run-airflow-migrations";
/** Reading DAG files and starting triggers waits until somebody can log in. */
const afterLogin = `${migration},batch/namespaces/mlops/Job/airflow-create-user`;
const order = { scheduler: migration, apiServer: migration, triggerer: afterLogin, dagProcessor: afterLogin };

describe("processValues", () => {
  for (const name of names) {
    it(`starts ${name} once, as itself, in its place of the order`, () => {
      const process = valuesFor()[name];
      assert.equal(process.replicas, 1);
      assert.deepEqual(process.serviceAccount, { create: false, name: accounts[name] });
      assert.deepEqual(process.annotations, { "config.kubernetes.io/depends-on": order[name] });
      assert.equal(process.podDisruptionBudget.enabled, false);
      assert.deepEqual(process.topologySpreadConstraints, []);
    });

    it(`runs ${name} twice, apart and not both down at once, with high availability`, () => {
      const process = valuesFor({ highAvailability: true })[name];
      assert.equal(process.replicas, 2);
      assert.deepEqual(process.podDisruptionBudget, { enabled: true, config: { maxUnavailable: 1 } });
      const topologies = process.topologySpreadConstraints.map(({ topologyKey }) => topologyKey);
      assert.deepEqual(topologies, ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]);
    });
  }

  it("keeps database and keys by the names of their Secrets", () => {
    assert.deepEqual(
      valuesFor().scheduler.env.map(({ name }) => name),
      [
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC",
        "PGSSLROOTCERT",
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__API__SECRET_KEY",
      ],
    );
    const withValue = valuesFor().scheduler.env.filter((variable) => "value" in variable);
    assert.deepEqual(withValue, [{ name: "PGSSLROOTCERT", value: "/etc/postgres-ca/ca.crt" }]);
  });

  it("mounts the SSH key in what reads DAGs, the scheduler only where it runs tasks", () => {
    const mounting = (values: ReturnType<typeof valuesFor>) =>
      names.filter((name) => values[name].extraVolumes.length > 0);
    assert.deepEqual(mounting(valuesFor()), ["triggerer", "dagProcessor"]);
    assert.deepEqual(mounting(valuesFor({ hasLocalTasks: true })), ["scheduler", "triggerer", "dagProcessor"]);
  });

  it("gives the scheduler memory for the tasks inside it", () => {
    const limit = (hasLocalTasks: boolean) => valuesFor({ hasLocalTasks }).scheduler.resources.limits.memory;
    assert.deepEqual([limit(false), limit(true)], ["1536Mi", "3Gi"]);
  });

  it("believes what a proxy says of the client only behind a proxy", () => {
    const plain = valuesFor().apiServer;
    assert.deepEqual(plain.args, ["bash", "-c", "exec airflow api-server"]);
    assert.ok(plain.env.every(({ name }) => name !== "FORWARDED_ALLOW_IPS"));
    const proxied = valuesFor({ isBehindTlsProxy: true }).apiServer;
    assert.deepEqual(proxied.args, ["bash", "-c", "exec airflow api-server --proxy-headers"]);
    assert.deepEqual(proxied.env.at(-1), { name: "FORWARDED_ALLOW_IPS", value: "*" });
  });

  it("clears away local logs after as many days as it is told", () => {
    const [script] = valuesFor({ localLogRetentionDays: 30 }).scheduler.logGroomerSidecar.args;
    assert.match(script ?? "", /find \/opt\/airflow\/logs -type f -mtime \+29 -delete/);
  });

  it("gives the triggerer no volume, of which the chart would ask 100 GiB", () => {
    assert.deepEqual(valuesFor().triggerer.persistence, { enabled: false });
  });
});
