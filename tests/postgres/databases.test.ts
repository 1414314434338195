import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PostgresServer } from "../../components/cluster/cluster.ts";
import { Databases } from "../../components/postgres/databases.ts";
import { createImages } from "../../components/images.ts";
import { restrictedContainer, restrictedPodSpec } from "../../components/objects/restricted.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const caCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const labels = (component: string) => ({
  "app.kubernetes.io/name": component,
  "app.kubernetes.io/part-of": "mlops",
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/managed-by": "pulumi",
});
const jobType = "kubernetes:batch/v1:Job";

const sign = { id: pulumi.output("5b2d6c0e7f318a94"), stack: "organization/mlops/dev" };

interface Deployment {
  clients?: string[];
  prefix?: string;
  extensions?: string[];
  isShared?: boolean;
  hasExporter?: boolean;
  generation?: number;
  adminGeneration?: number;
  previous?: string;
  ca?: string;
}

function deploy(deployment: Deployment = {}) {
  const { clients = ["airflow", "mlflow-auth"], generation = 1, adminGeneration = 1, ca = caCertificate } = deployment;
  const { previous, prefix = "", extensions = [], isShared = false, hasExporter = true } = deployment;
  return record(() => {
    const server: PostgresServer = {
      host: "db.example.org",
      port: 6432,
      adminUser: "root",
      adminPassword: pulumi.secret("secret-of-the-admin"),
      ...(previous === undefined ? {} : { previousAdminPassword: pulumi.secret(previous) }),
      caCertificate: ca,
      cidr: undefined,
      ready: [new random.RandomId("server", { byteLength: 4 })],
    };
    const images = createImages("localhost/mlops", "0.1.0");
    const ofClients = clients.map((name) => ({ name, role: `${prefix}${name}`, connections: 30 }));
    const naming = { clients: ofClients, prefix, extensions, isShared, hasExporter, sign };
    const args = { namespace: "mlops", server, ...naming, images, generation, adminGeneration };
    const databases = new Databases("databases", args);
    const { connections, exporter, ready } = databases;
    return { connections, exporter, ready: pulumi.all(ready.map(({ urn }) => urn)) };
  });
}

describe("Databases", () => {
  it("takes the place of a DBA's databases", async () => {
    const { resources } = await deploy();
    const { aliases } = registration(resources, "mlops:databases:Databases", "databases");
    assert.match(JSON.stringify(aliases), /mlops:given-databases:GivenDatabases/);
  });

  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const job = () => inputs(jobType, "databases");
  const pod = () => at(job(), "spec.template.spec");

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:batch/v1:Job databases",
      "kubernetes:core/v1:ConfigMap databases-spec",
      "kubernetes:core/v1:Secret databases-admin",
      "kubernetes:core/v1:Secret databases-passwords",
      "mlops:databases:Databases databases",
      "random:index/randomId:RandomId server",
      "random:index/randomPassword:RandomPassword databases-airflow",
      "random:index/randomPassword:RandomPassword databases-exporter",
      "random:index/randomPassword:RandomPassword databases-mlflow-auth",
    ]);
  });

  it("asks for a role and a database for each client, and for one role that reads statistics", () => {
    const { data } = inputs("kubernetes:core/v1:ConfigMap", "databases-spec");
    const { "spec.json": spec, "ca.crt": ca, ...rest } = fields(data);
    const folder = "/etc/provision/passwords";
    const client = (name: string) => ({
      ...{ name, login: `${name}_g1`, passwordFile: `${folder}/${name}_g1`, connectionLimit: 30 },
      ...{ database: name, memberOf: [] },
    });
    assert.deepEqual(JSON.parse(String(spec)), {
      platform: { id: "5b2d6c0e7f318a94", stack: "organization/mlops/dev" },
      server: "own",
      extensions: [],
      roles: [
        client("airflow"),
        client("mlflow-auth"),
        { ...client("exporter"), connectionLimit: 5, database: null, memberOf: ["pg_monitor"] },
      ],
    });
    assert.equal(ca, caCertificate);
    assert.deepEqual(rest, {});
  });

  it("removes the exporter's role where nothing reads metrics", async () => {
    const { resources, outputs } = await deploy({ prefix: "staging_", hasExporter: false });
    assert.equal(outputs.exporter, undefined);
    const { data } = registration(resources, "kubernetes:core/v1:ConfigMap", "databases-spec").inputs;
    const { roles, removedRoles } = fields(JSON.parse(String(fields(data)["spec.json"])));
    assert.deepEqual(removedRoles, ["staging_exporter"]);
    assert.doesNotMatch(JSON.stringify(roles), /exporter/);
    const password = "random:index/randomPassword:RandomPassword databases-exporter";
    assert.deepEqual(
      typesAndNames(resources),
      typesAndNames(recording.resources).filter((each) => each !== password),
    );
  });

  it("puts the prefix before every role, login and database, and before no client's name", async () => {
    const { resources, outputs } = await deploy({ prefix: "staging_" });
    const { data } = registration(resources, "kubernetes:core/v1:ConfigMap", "databases-spec").inputs;
    const { roles } = fields(JSON.parse(String(fields(data)["spec.json"])));
    const names = (roles as { name: string; login: string; database: string | null }[]).map((role) => [
      role.name,
      role.login,
      role.database,
    ]);
    assert.deepEqual(names, [
      ["staging_airflow", "staging_airflow_g1", "staging_airflow"],
      ["staging_mlflow-auth", "staging_mlflow-auth_g1", "staging_mlflow-auth"],
      ["staging_exporter", "staging_exporter_g1", null],
    ]);
    assert.deepEqual(Object.keys(fields(outputs.connections)), ["airflow", "mlflow-auth"]);
    assert.equal(at(outputs.connections, "airflow.database"), "staging_airflow");
    assert.equal(at(outputs.connections, "airflow.user"), "staging_airflow_g1");
    assert.equal(at(outputs.exporter, "database"), "postgres");
    assert.deepEqual(typesAndNames(resources), typesAndNames(recording.resources));
  });

  it("says which extensions to make, and that others may use the server", async () => {
    const { resources } = await deploy({ extensions: ["pg_trgm"], isShared: true });
    const { data } = registration(resources, "kubernetes:core/v1:ConfigMap", "databases-spec").inputs;
    const spec = fields(JSON.parse(String(fields(data)["spec.json"])));
    assert.deepEqual([spec.server, spec.extensions], ["shared", ["pg_trgm"]]);
  });

  it("gives each client a connection of its own", () => {
    const { connections, exporter } = recording.outputs;
    const server = { host: "db.example.org", port: 6432, caCertificate };
    const placeholder = (name: string) => `secret-databases-${name}-${sha256(`databases-${name}`).slice(0, 8)}`;
    const of = (role: string, database: string) => ({
      ...{ ...server, database, user: `${role}_g1`, password: placeholder(role) },
    });
    assert.deepEqual(connections, {
      airflow: of("airflow", "airflow"),
      "mlflow-auth": of("mlflow-auth", "mlflow-auth"),
    });
    assert.deepEqual(exporter, of("exporter", "postgres"));
    assert.deepEqual([...recording.secretOutputPaths].sort(), [
      "connections.airflow.password",
      "connections.mlflow-auth.password",
      "exporter.password",
    ]);
  });

  it("hands the passwords over as files, named as the specification names them", () => {
    const { connections, exporter } = recording.outputs;
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "databases-passwords").stringData, {
      airflow_g1: at(connections, "airflow.password"),
      "mlflow-auth_g1": at(connections, "mlflow-auth.password"),
      exporter_g1: at(exporter, "password"),
    });
    assert.deepEqual(at(pod(), "containers.0.volumeMounts"), [
      { name: "spec", mountPath: "/etc/provision/spec", readOnly: true },
      { name: "passwords", mountPath: "/etc/provision/passwords", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ]);
    assert.deepEqual(at(pod(), "volumes"), [
      { name: "spec", configMap: { name: "databases-spec" } },
      { name: "passwords", secret: { secretName: "databases-passwords", defaultMode: 0o440 } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ]);
  });

  it("runs the provision image as the admin, who verifies the server", () => {
    const { volumeMounts, ...container } = fields(at(pod(), "containers.0"));
    assert.equal(Array.isArray(volumeMounts) && volumeMounts.length, 3);
    assert.deepEqual(container, {
      name: "provision",
      image: "localhost/mlops/provision:0.1.0",
      imagePullPolicy: "IfNotPresent",
      args: ["postgres", "--spec", "/etc/provision/spec/spec.json"],
      env: [
        { name: "PGHOST", value: "db.example.org" },
        { name: "PGPORT", value: "6432" },
        { name: "PGUSER", value: "root" },
        { name: "PGDATABASE", value: "postgres" },
        { name: "PGSSLMODE", value: "verify-full" },
        { name: "PGSSLROOTCERT", value: "/etc/provision/spec/ca.crt" },
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "databases-admin", key: "password" } } },
        {
          name: "PREVIOUS_PGPASSWORD",
          valueFrom: { secretKeyRef: { name: "databases-admin", key: "previous", optional: true } },
        },
      ],
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
      securityContext: restrictedContainer,
    });
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "databases-admin").stringData, {
      password: "secret-of-the-admin",
    });
  });

  it("retries, stays when it is done, and is not found by the server's Service", () => {
    const { template, ...spec } = fields(job().spec);
    assert.deepEqual(spec, { backoffLimit: 6 });
    assert.deepEqual(job().metadata, {
      name: "databases",
      namespace: "mlops",
      labels: labels("databases"),
      annotations: { "pulumi.com/replaceUnready": "true" },
    });
    assert.deepEqual(at(template, "metadata.labels"), labels("databases"));
    const { containers, volumes, ...rest } = fields(pod());
    assert.equal(Array.isArray(containers) && containers.length, 1);
    assert.equal(Array.isArray(volumes) && volumes.length, 3);
    assert.deepEqual(
      { ...rest, containers: [] },
      restrictedPodSpec(10001, {
        containers: [],
        restartPolicy: "OnFailure",
      }),
    );
  });

  it("waits for the server, and others wait for its Job", () => {
    const { urn, dependencies, deleteBeforeReplace } = registration(recording.resources, jobType, "databases");
    assert.ok(
      dependencies.some((dependency) => dependency.endsWith("RandomId::server")),
      dependencies.join(),
    );
    assert.equal(deleteBeforeReplace, true);
    assert.deepEqual(recording.outputs.ready, [urn]);
  });

  it("runs again for another client, another authority or a new generation, and for nothing else", async () => {
    const annotations = async (deployment: Deployment) => {
      const { resources } = await deploy(deployment);
      return at(registration(resources, jobType, "databases").inputs, "spec.template.metadata.annotations");
    };
    const before = at(job(), "spec.template.metadata.annotations");
    assert.deepEqual(await annotations({}), before);
    const changes: Deployment[] = [{ clients: ["airflow"] }, { ca: `${caCertificate}\n` }];
    changes.push({ generation: 2 }, { adminGeneration: 2 }, { prefix: "staging_" }, { extensions: ["pg_trgm"] });
    for (const change of changes) assert.notDeepEqual(await annotations(change), before);
  });

  it("hands over the administrator's password before, by which the server is given the new one", async () => {
    const { resources } = await deploy({ previous: "secret-before" });
    const { stringData } = registration(resources, "kubernetes:core/v1:Secret", "databases-admin").inputs;
    assert.deepEqual(stringData, { password: "secret-of-the-admin", previous: "secret-before" });
    assert.deepEqual(showing(resources, "secret-before"), []);
  });

  it("shows no password outside of the Secrets", () => {
    const { connections, exporter } = recording.outputs;
    const passwords = [...Object.values(fields(connections)), exporter].map((connection) => at(connection, "password"));
    for (const password of [...passwords, "secret-of-the-admin"]) {
      assert.deepEqual(showing(recording.resources, String(password)), []);
    }
  });
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
