import assert from "node:assert/strict";
import { chartValues } from "../../components/airflow/values.ts";
import { configFile } from "../../components/airflow/site/config-file.ts";
import { ownedSettings, ownerOfSetting, ownerOfVariable } from "../../components/airflow/site/owned-settings.ts";
import { connectionVariables, variableVariables } from "../../components/airflow/site/variables.ts";
import { fingerprintOf } from "../../config/airflow/secret-variables.ts";
import { demandOf } from "../../lib/kubernetes/demand.ts";
import { isSecret } from "../secret-input.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { at } from "../../lib/json.ts";
import { skipWithReason } from "../skip.ts";
import { fields, registration, showing } from "../program/registrations.ts";
import { dagSourceNames, dagSources, deploy, type Deployment, executors, options } from "./cases.ts";
import { objectsIn, podsOf, record, records, type RenderedPod, renderText, whyNotRendered } from "./rendered.ts";

/** Options of airflow.cfg that the platform or the chart sets, and that a site may set otherwise. */
const free = [
  ...["celery.worker_concurrency", "celery.flower_url_prefix", "celery.sync_parallelism"],
  ...["celery_kubernetes_executor.kubernetes_queue", "core.dagbag_import_timeout", "core.load_examples"],
  ...["core.parallelism", "dag_processor.dag_file_processor_timeout", "dag_processor.min_file_process_interval"],
  ...["fab.enable_proxy_fix", "logging.colored_console_log", "metrics.otel_host", "metrics.otel_on"],
  ...["metrics.otel_port", "traces.otel_on", "webserver.enable_proxy_fix"],
];

/** Sections of what the platform does not run. */
const unused = /^(elasticsearch|elasticsearch_configs|kerberos)\./;

/** Variables of the containers that are Python's own. */
const harmless = ["PYTHONUNBUFFERED"];

/** `section.option` of a file of sections. */
function settingsIn(file: Readonly<Record<string, object>>): string[] {
  return Object.entries(file).flatMap(([section, values]) => Object.keys(values).map((key) => `${section}.${key}`));
}

const isOwned = (setting: string) => {
  const [section = "", option = ""] = setting.split(".");
  return ownerOfSetting(section, option) !== undefined;
};

describe("the settings that the platform owns", () => {
  it("are, with those that a site may change, all that the platform sets", () => {
    const set = executors.flatMap((executor) =>
      dagSourceNames.flatMap((name) =>
        settingsIn(
          chartValues(options({ executor, dags: dagSources[name], baseUrl: "https://airflow.example.org" })).config,
        ),
      ),
    );
    assert.deepEqual(
      [...new Set(set)].filter((setting) => isOwned(setting) === free.includes(setting)),
      [],
    );
    assert.ok(set.includes("scheduler.enable_health_check"));
  });

  it("are the same by whatever way Airflow reads them", () => {
    const use = { use: "postgres" };
    assert.deepEqual(ownerOfSetting("database", "sql_alchemy_conn_cmd"), use);
    assert.deepEqual(ownerOfSetting("database", "SQL_ALCHEMY_CONN"), use);
    assert.deepEqual(ownerOfVariable("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_SECRET"), use);
    assert.equal(ownerOfSetting("database", "sql_alchemy_pool_size"), undefined);
    assert.equal(ownerOfVariable("AIRFLOW__CORE__PARALLELISM"), undefined);
    assert.equal(ownerOfVariable("REGION"), undefined);
  });

  it("name keys that exist", () => {
    for (const owner of Object.values(ownedSettings)) if ("use" in owner) assert.match(owner.use, /^[a-z][\w.]+$/i);
  });
});

describe("configFile", () => {
  it("lays the site's options over the defaults, as airflow.cfg writes them", () => {
    const site = {
      core: { parallelism: 64, load_examples: false, hostname_callable: "{{ x }}" },
      smtp: { smtp_ssl: true, smtp_port: 587 },
    };
    assert.deepEqual(configFile({ core: { parallelism: "4", other: "1" } }, site, { api: { base_url: "http://x" } }), {
      core: { parallelism: "64", other: "1", load_examples: "False", hostname_callable: '{{ "{{" }} x }}' },
      smtp: { smtp_ssl: "True", smtp_port: "587" },
      api: { base_url: "http://x" },
    });
  });

  it("keeps a section without options, so that the values stay what they were", () => {
    assert.deepEqual(configFile({ core: {} }, {}, { logging: {} }), { core: {}, logging: {} });
  });
});

describe("the variables of connections and variables", () => {
  it("have the names and texts that Airflow reads", () => {
    const warehouse = { type: "postgres", host: "db.example.org", port: 5432, extra: { sslmode: "require" } };
    assert.deepEqual(connectionVariables({ warehouse, "mail.v-2": "smtp://x" }), {
      AIRFLOW_CONN_WAREHOUSE:
        '{"conn_type":"postgres","host":"db.example.org","port":5432,"extra":{"sslmode":"require"}}',
      "AIRFLOW_CONN_MAIL.V-2": "smtp://x",
    });
    assert.deepEqual(variableVariables({ region: "north", limits: [1, 2], on: true }), {
      AIRFLOW_VAR_REGION: "north",
      AIRFLOW_VAR_LIMITS: "[1,2]",
      AIRFLOW_VAR_ON: "true",
    });
  });
});

describe("the fingerprint of a site's secrets", () => {
  const of = (environment: Record<string, string>) => fingerprintOf({ environment, connections: {} });
  it("is two bytes that change with the content and not with the order", () => {
    assert.match(of({ a: "1" }) ?? "", /^[0-9a-f]{4}$/);
    assert.notEqual(of({ a: "1" }), of({ a: "2" }));
    assert.equal(of({ a: "1", b: "2" }), of({ b: "2", a: "1" }));
    assert.equal(of({}), undefined);
  });
});

const site: Deployment = {
  airflow: {
    config: { core: { parallelism: 64, load_examples: true }, logging: { log_format: "{{ %%(message)s }}" } },
    environment: { REGION: 'no"rth', LIMIT: 3 },
    variables: { sales: { start: "2026-01-01" } },
    pools: { warehouse: { slots: 4 } },
    replicas: { scheduler: 3, triggerer: 1 },
    resources: {
      scheduler: { requests: { memory: "2Gi" }, limits: { cpu: "100m" } },
      worker: { limits: { cpu: "4" } },
    },
  },
  secrets: {
    environment: { AIRFLOW__SMTP__SMTP_PASSWORD: "smtp-secret" },
    connections: { "ware-house": "postgres://me:secret@db.example.org/x" },
    variables: { weather: "variable-secret" },
  },
};

const environmentOf = ({ containers }: RenderedPod, container: number): Record<string, unknown>[] =>
  records(containers[container]?.env);

describe("a site's settings", () => {
  it("are in Secrets of their own, marked secret, and nowhere else", async () => {
    const { resources } = await deploy(site);
    const secret = (name: string) => registration(resources, "kubernetes:core/v1:Secret", name);
    assert.deepEqual(fields(secret("airflow-environment").inputs.stringData), {
      AIRFLOW__SMTP__SMTP_PASSWORD: "smtp-secret",
    });
    assert.deepEqual(fields(secret("airflow-connections").inputs.stringData), {
      "AIRFLOW_CONN_WARE-HOUSE": "postgres://me:secret@db.example.org/x",
      AIRFLOW_VAR_WEATHER: "variable-secret",
    });
    for (const value of ["smtp-secret", "variable-secret", "me:secret"])
      assert.deepEqual(showing(resources, value), []);
    for (const name of ["airflow-environment", "airflow-connections"]) {
      assert.ok(isSecret(secret(name), "stringData"), name);
    }
  });

  it("restart Airflow's processes for another secret, and no Job", async () => {
    const annotation = async (password: string) => {
      const { resources } = await deploy({ secrets: { environment: { PASSWORD: password } } });
      const { values } = registration(resources, "kubernetes:helm.sh/v4:Chart", "airflow").inputs;
      const paths = ["scheduler", "apiServer", "triggerer", "dagProcessor", "workers.celery"];
      const found = new Set(paths.map((path) => JSON.stringify(at(values, `${path}.podAnnotations`))));
      assert.equal(found.size, 1);
      assert.equal(at(values, "createUserJob.podAnnotations"), undefined);
      assert.deepEqual(
        Object.keys(record(at(values, "airflowPodAnnotations"))).filter((key) => key.includes("site")),
        [],
      );
      return [...found][0];
    };
    assert.match((await annotation("one")) ?? "", /^\{"mlops\/site-secrets-fingerprint":"[0-9a-f]{4}"\}$/);
    assert.notEqual(await annotation("one"), await annotation("two"));
  });
});

describe("a site's settings, rendered by the chart", function () {
  this.timeout(120_000);
  let objects: KubernetesObject[];
  let pods: RenderedPod[];
  const pod = (name: string) => pods.find(({ maker }) => maker === name) ?? assert.fail(name);
  before(async function () {
    const reason = whyNotRendered();
    if (reason !== undefined) return skipWithReason(this, reason);
    objects = objectsIn(await renderText(await deploy(site)));
    pods = podsOf(objects);
  });

  it("are in airflow.cfg", () => {
    const file = String(
      record(objects.find(({ metadata }) => metadata.name === "airflow-config")?.data)["airflow.cfg"],
    );
    for (const line of ["parallelism = 64", "load_examples = True", "log_format = {{ %%(message)s }}"]) {
      assert.ok(file.split("\n").includes(line), file);
    }
  });

  it("are in the environment of every container of Airflow", () => {
    for (const { maker, containers } of pods.filter((one) => one.maker !== "airflow-statsd")) {
      const [main] = containers.filter(({ name }) => !String(name).includes("log-groomer"));
      const found = records(main?.env).filter(({ name }) => name === "REGION" || name === "LIMIT");
      assert.deepEqual(found, [
        { name: "REGION", value: 'no"rth' },
        { name: "LIMIT", value: "3" },
      ]);
      const secrets = records(main?.envFrom).map(({ secretRef }) => record(secretRef).name);
      assert.ok(secrets.includes("airflow-environment"), maker);
    }
  });

  it("keep connections and variables from the pods of tasks, which ask the API server", () => {
    const reading = pods.filter(({ containers }) => JSON.stringify(containers).includes("airflow-connections"));
    assert.deepEqual(reading.map(({ maker }) => maker).toSorted(), [
      "airflow-api-server",
      "airflow-dag-processor",
      "airflow-scheduler",
      "airflow-triggerer",
    ]);
    for (const each of reading) {
      const connection = environmentOf(each, 0).find(({ name }) => name === "AIRFLOW_CONN_WARE-HOUSE");
      const key = { name: "airflow-connections", key: "AIRFLOW_CONN_WARE-HOUSE" };
      assert.deepEqual(connection?.valueFrom, { secretKeyRef: key });
      const variable = environmentOf(each, 0).find(({ name }) => name === "AIRFLOW_VAR_SALES");
      assert.equal(variable?.value, '{"start":"2026-01-01"}');
      assert.match(String(each.annotations["mlops/site-secrets-fingerprint"]), /^[0-9a-f]{4}$/);
    }
  });

  it("replicate what the site replicates, and spread it", () => {
    const replicas = (name: string) =>
      at(
        objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name),
        "spec.replicas",
      );
    assert.deepEqual(["airflow-scheduler", "airflow-triggerer", "airflow-api-server"].map(replicas), [3, 1, 1]);
    const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget").map(({ metadata }) => metadata.name);
    assert.deepEqual(budgets, ["airflow-scheduler-pdb"]);
    assert.equal(records(pod("airflow-scheduler").spec.topologySpreadConstraints).length, 2);
  });

  it("ask for what the site says, and for the defaults beside it", () => {
    assert.deepEqual(pod("airflow-scheduler").containers[0]?.resources, {
      requests: { cpu: "100m", memory: "2Gi" },
      limits: { cpu: "100m", memory: "2Gi" },
    });
    assert.deepEqual(pod("worker pod").containers[0]?.resources, {
      requests: { cpu: "100m", memory: "384Mi" },
      limits: { cpu: "4", memory: "1Gi" },
    });
    const schedulers = demandOf(objects.find(({ metadata }) => metadata.name === "airflow-scheduler") ?? assert.fail());
    assert.equal(schedulers.memoryRequest, 3 * (2048 + 16) * 2 ** 20, "with the container that cleans logs");
  });

  it("hand the pools to the Job that makes the first user", () => {
    const variable = environmentOf(pod("airflow-create-user"), 0).find(({ name }) => name === "AIRFLOW_POOLS");
    assert.equal(variable?.value, '{"warehouse":{"slots":4,"description":"","include_deferred":false}}');
  });

  it("set no variable and no option that the platform sets, since it knows all of those", async () => {
    const cases = executors.map((executor) => ({ airflow: { executor, dags: dagSources.bundleToken } }));
    for (const deployment of cases) {
      const rendered = objectsIn(await renderText(await deploy(deployment)));
      const containers = podsOf(rendered).flatMap((each) => each.containers);
      const ofAirflow = containers.filter(({ image }) => String(image).includes("/airflow:"));
      const names = new Set(ofAirflow.flatMap(({ env }) => records(env)).map(({ name }) => String(name)));
      assert.deepEqual(
        [...names].filter((name) => ownerOfVariable(name) === undefined && !harmless.includes(name)),
        [],
      );
      const settings = fileSettings(rendered).filter((setting) => !unused.test(setting));
      assert.ok(settings.length > 20);
      assert.deepEqual(
        settings.filter((setting) => isOwned(setting) === free.includes(setting)),
        [],
      );
    }
  });
});

/** `section.option` of the rendered airflow.cfg. */
function fileSettings(objects: KubernetesObject[]): string[] {
  const file = String(record(objects.find(({ metadata }) => metadata.name === "airflow-config")?.data)["airflow.cfg"]);
  return file.split(/^\[/m).flatMap((part) => {
    const [head = "", ...lines] = part.split("\n");
    return lines.flatMap((line) => {
      const [, option] = /^(\w+) = /.exec(line) ?? [];
      return option === undefined ? [] : [`${head.replace(/\].*/, "")}.${option}`];
    });
  });
}
