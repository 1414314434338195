import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createImages } from "../../components/images.ts";
import { GivenDatabases } from "../../components/postgres/given-databases.ts";
import { at } from "../../lib/json.ts";
import type { Recording } from "../../lib/recording.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";

const caCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const jobType = "kubernetes:batch/v1:Job";
const given = {
  airflow: { name: "ml_airflow", user: "airflow@corp" },
  forecast: { name: "ml_forecast", user: "ml_forecast" },
  exporter: { name: "postgres", user: "ml_metrics" },
};

function deploy({ databases = given, password = "secret" }: { databases?: object; password?: string } = {}) {
  return record(() => {
    const { connections, exporter } = new GivenDatabases("databases", {
      namespace: "mlops",
      server: { host: "db.example.org", port: 6432, caCertificate, cidr: "10.2.0.7/32", ready: [] },
      clients: ["airflow", "forecast"].map((name) => ({ name, role: name, connections: 30 })),
      databases: databases as typeof given,
      hasExporter: "exporter" in databases,
      loginOf: (client) => ({ password: pulumi.secret(`${password}-of-${client}`), fingerprint: `${password}-print` }),
      images: createImages("localhost/mlops", "0.1.0"),
      generation: 1,
    });
    return { connections, ...(exporter === undefined ? {} : { exporter }) };
  });
}

describe("GivenDatabases", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string, of = recording) => registration(of.resources, type, name).inputs;
  const annotations = (of: Recording) => at(inputs(jobType, "databases", of), "spec.template.metadata.annotations");

  it("makes these children and no other: no administrator's Secret, no generated password", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:batch/v1:Job databases",
      "kubernetes:core/v1:ConfigMap databases-spec",
      "kubernetes:core/v1:Secret databases-passwords",
      "mlops:given-databases:GivenDatabases databases",
    ]);
  });

  it("takes the place of the databases that the platform made before", () => {
    const { aliases } = registration(recording.resources, "mlops:given-databases:GivenDatabases", "databases");
    assert.match(JSON.stringify(aliases), /mlops:databases:Databases/);
  });

  it("connects each client by the DBA's names and passwords", () => {
    const { connections, exporter } = recording.outputs;
    const connection = (database: string, user: string, client: string) => {
      const place = { host: "db.example.org", port: 6432, caCertificate };
      return { ...place, database, user, password: `secret-of-${client}` };
    };
    const { fingerprint, ...airflow } = fields(at(connections, "airflow"));
    assert.match(String(fingerprint), /^[0-9a-f]{16}$/);
    assert.deepEqual(airflow, connection("ml_airflow", "airflow@corp", "airflow"));
    assert.equal(at(connections, "forecast.database"), "ml_forecast");
    assert.equal(at(exporter, "user"), "ml_metrics");
    for (const client of ["airflow", "forecast", "exporter"])
      assert.deepEqual(showing(recording.resources, `secret-of-${client}`), []);
  });

  it("checks each login for what its client does there", () => {
    const { data } = inputs("kubernetes:core/v1:ConfigMap", "databases-spec");
    const spec: unknown = JSON.parse(String(fields(data)["spec.json"]));
    const passwordFile = (client: string) => `/etc/provision/passwords/${client}`;
    assert.deepEqual(spec, {
      logins: [
        {
          client: "airflow",
          database: "ml_airflow",
          login: "airflow@corp",
          connections: 32,
          needs: "schema",
          passwordFile: passwordFile("airflow"),
        },
        {
          client: "forecast",
          database: "ml_forecast",
          login: "ml_forecast",
          connections: 32,
          needs: "tables",
          passwordFile: passwordFile("forecast"),
        },
        {
          client: "exporter",
          database: "postgres",
          login: "ml_metrics",
          connections: 5,
          needs: "statistics",
          passwordFile: passwordFile("exporter"),
        },
      ],
    });
  });

  it("gives up within minutes and shows the end of its log", () => {
    const { spec } = inputs(jobType, "databases");
    assert.equal(at(spec, "backoffLimit"), 1);
    assert.equal(at(spec, "template.spec.restartPolicy"), "Never");
    const { args, env, terminationMessagePolicy } = fields(at(spec, "template.spec.containers.0"));
    assert.deepEqual(args, ["logins", "--spec", "/etc/provision/spec/spec.json", "--timeout-seconds", "60"]);
    assert.equal(terminationMessagePolicy, "FallbackToLogsOnError");
    assert.deepEqual(env, [
      { name: "PGHOST", value: "db.example.org" },
      { name: "PGPORT", value: "6432" },
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLROOTCERT", value: "/etc/provision/spec/ca.crt" },
    ]);
  });

  it("runs again, and its clients restart, for a new password, user or name", async () => {
    const fingerprint = (of: Recording) => at(of.outputs.connections, "airflow.fingerprint");
    const changes = [
      { password: "another" },
      { databases: { ...given, airflow: { name: "ml_airflow", user: "second" } } },
      { databases: { ...given, airflow: { name: "other", user: "airflow@corp" } } },
    ];
    for (const change of changes) {
      const changed = await deploy(change);
      assert.notDeepEqual(annotations(changed), annotations(recording));
      assert.notEqual(fingerprint(changed), fingerprint(recording));
    }
    assert.deepEqual(annotations(await deploy()), annotations(recording));
  });

  it("has no login for the metrics where the DBA gives none", async () => {
    const { airflow, forecast } = given;
    const { outputs } = await deploy({ databases: { airflow, forecast } });
    assert.equal("exporter" in outputs, false);
  });
});
