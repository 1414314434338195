import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { dataFiles } from "../../components/objects/data-files.ts";
import { Grafana } from "../../components/monitoring/grafana.ts";
import { createImages } from "../../components/images.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const images = createImages("localhost/mlops", "0.1.0");
const prometheusPassword = "secret-of-prometheus";
const databasePassword = "secret-of-the-database";

interface Deployment {
  generation?: number;
  fingerprint?: string;
}

function deploy({ generation = 1, fingerprint }: Deployment = {}): Promise<Recording> {
  return record(() => {
    const database = {
      host: "postgres.mlops.svc",
      port: 5432,
      database: "grafana",
      user: "grafana_g1",
      password: pulumi.secret(databasePassword),
      caCertificate: "PEM",
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
    const prometheus = {
      url: "http://prometheus.mlops.svc:9090",
      user: "admin",
      password: pulumi.secret(prometheusPassword),
    };
    const args = { namespace: "mlops", images, prometheus, rootUrl: undefined, database, generation };
    const { adminUser, adminPassword } = new Grafana("grafana", args);
    return { adminUser, adminPassword };
  });
}

describe("Grafana", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const configMap = (role: string) => fields(inputs("kubernetes:core/v1:ConfigMap", `grafana-${role}`).data);
  const pod = () => fields(at(inputs("kubernetes:apps/v1:Deployment", "grafana"), "spec.template.spec"));

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment grafana",
      "kubernetes:core/v1:ConfigMap grafana-dashboards",
      "kubernetes:core/v1:ConfigMap grafana-datasources",
      "kubernetes:core/v1:ConfigMap grafana-postgres-ca",
      "kubernetes:core/v1:ConfigMap grafana-providers",
      "kubernetes:core/v1:Secret grafana",
      "kubernetes:core/v1:Service grafana",
      "mlops:grafana:Grafana grafana",
      "random:index/randomBytes:RandomBytes grafana-encryption-key",
      "random:index/randomPassword:RandomPassword grafana-admin",
    ]);
  });

  it("asks Prometheus with a password from a file", () => {
    assert.deepEqual(parse(String(configMap("datasources")["prometheus.yaml"])), {
      apiVersion: 1,
      datasources: [
        {
          name: "Prometheus",
          uid: "prometheus",
          type: "prometheus",
          access: "proxy",
          url: "http://prometheus.mlops.svc:9090",
          isDefault: true,
          editable: false,
          basicAuth: true,
          basicAuthUser: "admin",
          secureJsonData: { basicAuthPassword: "$__file{/etc/grafana/secrets/prometheus-password}" },
          jsonData: { httpMethod: "POST", timeInterval: "30s" },
        },
      ],
    });
  });

  it("shows every dashboard of dashboards/, from files that the UI does not change", () => {
    assert.deepEqual(configMap("dashboards"), dataFiles("dashboards", ".json"));
    assert.deepEqual(parse(String(configMap("providers")["platform.yaml"])), {
      apiVersion: 1,
      providers: [
        {
          name: "platform",
          folder: "Platform",
          type: "file",
          disableDeletion: false,
          allowUiUpdates: false,
          options: { path: "/etc/grafana/dashboards" },
        },
      ],
    });
    const mounts = at(pod(), "containers.0.volumeMounts");
    assert.deepEqual(mounts, [
      { name: "datasources", mountPath: "/etc/grafana/provisioning/datasources", readOnly: true },
      { name: "providers", mountPath: "/etc/grafana/provisioning/dashboards", readOnly: true },
      { name: "dashboards", mountPath: "/etc/grafana/dashboards", readOnly: true },
      { name: "postgres-ca", mountPath: "/etc/grafana/postgres-ca", readOnly: true },
      { name: "secrets", mountPath: "/etc/grafana/secrets", readOnly: true },
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "tmp", mountPath: "/tmp" },
    ]);
  });

  it("fits its dashboards into one ConfigMap", () => {
    const size = Object.values(configMap("dashboards")).reduce<number>((sum, text) => sum + String(text).length, 0);
    assert.ok(size < 900_000, `${size} bytes, and a ConfigMap holds 1 MiB`);
  });

  it("keeps its passwords in a Secret and shows them nowhere else", () => {
    const secret = registration(recording.resources, "kubernetes:core/v1:Secret", "grafana");
    const { adminUser, adminPassword } = recording.outputs;
    const { "encryption-key": key, ...rest } = fields(secret.inputs.stringData);
    assert.deepEqual(rest, {
      "admin-password": adminPassword,
      "database-password": databasePassword,
      "prometheus-password": prometheusPassword,
    });
    for (const name of ["admin-password", "database-password", "encryption-key", "prometheus-password"]) {
      assert.ok(isSecret(secret, `stringData.${name}`), name);
    }
    for (const value of [String(adminPassword), String(key), databasePassword, prometheusPassword]) {
      assert.deepEqual(showing(recording.resources, value), []);
    }
    assert.equal(adminUser, "admin");
    assert.ok(recording.secretOutputPaths.includes("adminPassword"));
  });

  it("keeps users and what they save in Postgres, with passwords from its Secret", () => {
    const environment = at(pod(), "containers.0.env") as { name: string; value?: string; valueFrom?: unknown }[];
    const host = environment.find(({ name }) => name === "GF_DATABASE_HOST");
    assert.equal(host?.value, "postgres.mlops.svc:5432");
    const fromSecret = environment.filter(({ valueFrom }) => valueFrom !== undefined);
    assert.deepEqual(
      fromSecret.map(({ name, valueFrom }) => [
        name,
        at(valueFrom, "secretKeyRef.name"),
        at(valueFrom, "secretKeyRef.key"),
      ]),
      [
        ["GF_SECURITY_ADMIN_PASSWORD", "grafana", "admin-password"],
        ["GF_SECURITY_SECRET_KEY", "grafana", "encryption-key"],
        ["GF_DATABASE_PASSWORD", "grafana", "database-password"],
        ["GF_METRICS_BASIC_AUTH_PASSWORD", "grafana", "prometheus-password"],
      ],
    );
    const items = [{ key: "prometheus-password", path: "prometheus-password" }];
    assert.deepEqual(at(pod(), "volumes.4.secret.items"), items);
    assert.deepEqual(configMap("postgres-ca"), { "ca.crt": "PEM" });
    assert.deepEqual(at(inputs("kubernetes:apps/v1:Deployment", "grafana"), "spec.strategy"), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  });

  it("sets the administrator's password at each start, and not by an argument", () => {
    const [shell, flag, script] = at(pod(), "containers.0.command") as string[];
    const folder = mkdtempSync(join(tmpdir(), "grafana-"));
    const answers = join(folder, "answers");
    const program = `#!/bin/sh\necho "$*" >>${answers}\ncat >>${answers}\nexit "\${EXIT_CODE:-0}"\n`;
    writeFileSync(join(folder, "grafana"), program, { mode: 0o755 });
    const server = join(folder, "server");
    writeFileSync(server, `#!/bin/sh\necho started >>${answers}\n`, { mode: 0o755 });
    const start = (environment: Record<string, string>) =>
      spawnSync(String(shell), [String(flag), String(script).replace("/run.sh", server)], {
        env: { PATH: `${folder}:${process.env.PATH ?? ""}`, GF_PATHS_HOME: "/usr/share/grafana", ...environment },
      }).status;
    try {
      assert.equal(start({ GF_SECURITY_ADMIN_PASSWORD: "%s-generated" }), 0);
      const command = "cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin";
      assert.equal(readFileSync(answers, "utf8"), `${command}\n%s-generated\nstarted\n`);
      assert.equal(start({ GF_SECURITY_ADMIN_PASSWORD: "generated", EXIT_CODE: "1" }), 1);
      assert.equal(readFileSync(answers, "utf8").match(/started/g)?.length, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("runs as the image's user with a read-only root filesystem and no volume that lasts", () => {
    assert.equal(at(pod(), "securityContext.runAsUser"), 472);
    assert.equal(at(pod(), "containers.0.securityContext.readOnlyRootFilesystem"), true);
    assert.equal(pod().automountServiceAccountToken, false);
    const volumes = at(pod(), "volumes");
    assert.deepEqual(at(volumes, "5"), { name: "data", emptyDir: { sizeLimit: "512Mi" } });
    assert.equal(JSON.stringify(volumes).includes("persistentVolumeClaim"), false);
  });

  it("restarts with another generation, and not for a changed dashboard", async () => {
    const annotations = ({ resources }: Recording) =>
      fields(
        at(
          registration(resources, "kubernetes:apps/v1:Deployment", "grafana").inputs,
          "spec.template.metadata.annotations",
        ),
      );
    const [first, second] = [annotations(recording), annotations(await deploy({ generation: 2 }))];
    assert.equal(first["mlops/config-hash"], second["mlops/config-hash"]);
    assert.deepEqual([first["mlops/secrets-generation"], second["mlops/secrets-generation"]], ["1", "2"]);
    const third = annotations(await deploy({ fingerprint: "another password of the DBA" }));
    assert.notEqual(first["mlops/config-hash"], third["mlops/config-hash"]);
  });
});
