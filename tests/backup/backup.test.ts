import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Backup } from "../../components/backup/backup.ts";
import type { StorageAccess } from "../../components/cluster/cluster.ts";
import { clientsByStore } from "../../components/clients.ts";
import { createImages } from "../../components/images.ts";
import { restrictedPodSpec } from "../../components/objects/restricted.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const recipient = "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h";
const selector = { "app.kubernetes.io/name": "backup", "app.kubernetes.io/part-of": "mlops" };
const labels = { ...selector, "app.kubernetes.io/component": "backup", "app.kubernetes.io/managed-by": "pulumi" };
const metadata = { name: "backup", namespace: "mlops", labels };
const caCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const minio = {
  uri: "s3://mlops/backups",
  environment: { AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000" },
  accountAnnotations: {},
};
const bucket: StorageAccess = {
  uri: "gs://bucket/backups",
  environment: {},
  secretEnvironment: {},
  accountAnnotations: { backup: { "example.org/identity": "backup@example.org" } },
};

const logins = ["airflow", "mlflow"].map((name) => ({
  ...{ host: "db.example.org", port: 6432, caCertificate, database: `ml_${name}`, user: `user_${name}` },
  password: pulumi.secret(`secret-of-the-${name}`),
}));

/** @param byLogins whether a DBA made the databases, so that there is no administrator */
function deploy(config: object = {}, storage?: StorageAccess, byLogins = false): Promise<Recording> {
  return record(() => {
    const server = {
      ...{ host: "db.example.org", port: 6432, adminUser: "root", caCertificate, cidr: undefined, ready: [] },
      adminPassword: pulumi.secret("secret-of-the-admin"),
    };
    const secretEnvironment = { AWS_SECRET_ACCESS_KEY: pulumi.secret("secret-of-the-store") };
    new Backup("backup", {
      namespace: "mlops",
      images: createImages("localhost/mlops", "0.1.0"),
      config: validate({ cluster: { kind: "minikube" }, backup: config }).backup,
      ...(byLogins ? { server, logins } : { server }),
      databases: ["airflow", "mlflow", "mlflow-auth"],
      storage: storage ?? { ...minio, secretEnvironment },
    });
  });
}

describe("Backup", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string, of = recording) => registration(of.resources, type, name).inputs;
  const cronJob = (of?: Recording) => inputs("kubernetes:batch/v1:CronJob", "backup", of);
  const pod = (of?: Recording) => fields(at(cronJob(of), "spec.jobTemplate.spec.template.spec"));
  const settings = (of?: Recording) => inputs("kubernetes:core/v1:ConfigMap", "backup", of).data;

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:batch/v1:CronJob backup",
      "kubernetes:core/v1:ConfigMap backup",
      "kubernetes:core/v1:ConfigMap backup-ca",
      "kubernetes:core/v1:Secret backup",
      "kubernetes:core/v1:ServiceAccount backup",
      "mlops:backup:Backup backup",
    ]);
  });

  it("runs one at a time, each night in UTC, and ends one that hangs", () => {
    assert.deepEqual(cronJob().metadata, metadata);
    const { jobTemplate, ...spec } = fields(cronJob().spec);
    assert.deepEqual(spec, {
      schedule: "17 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    const { template, ...job } = fields(at(jobTemplate, "spec"));
    assert.deepEqual(job, { activeDeadlineSeconds: 21600, backoffLimit: 2 });
    // The NetworkPolicies select its pods by it.
    assert.deepEqual(at(template, "metadata.labels"), labels);
  });

  it("runs at the hour that the stack says", async () => {
    assert.equal(at(cronJob(await deploy({ schedule: "0 */6 * * *" })), "spec.schedule"), "0 */6 * * *");
  });

  it("connects as the server's admin, who verifies it, and writes to its own prefix", () => {
    assert.deepEqual(settings(), {
      PGHOST: "db.example.org",
      PGPORT: "6432",
      PGUSER: "root",
      PGDATABASE: "postgres",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/postgres-ca/ca.crt",
      AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000",
      BACKUP_URI: "s3://mlops/backups",
      BACKUP_DATABASES: "airflow,mlflow,mlflow-auth",
      BACKUP_RETENTION_DAYS: "14",
    });
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "backup").stringData, {
      PGPASSWORD: "secret-of-the-admin",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-store",
    });
    assert.deepEqual(inputs("kubernetes:core/v1:ConfigMap", "backup-ca").data, { "ca.crt": caCertificate });
  });

  it("is a restricted pod that writes to /tmp alone and has no token of Kubernetes", () => {
    assert.deepEqual(
      pod(),
      restrictedPodSpec(10001, {
        restartPolicy: "Never",
        serviceAccountName: "backup",
        containers: [
          {
            name: "backup",
            image: "localhost/mlops/backup:0.1.0",
            args: ["run"],
            envFrom: [{ configMapRef: { name: "backup" } }, { secretRef: { name: "backup" } }],
            resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
            volumeMounts: [
              { name: "ca", mountPath: "/etc/postgres-ca", readOnly: true },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "ca", configMap: { name: "backup-ca" } },
          { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
        ],
      }),
    );
  });

  it("gets Airflow's Fernet key, and of its keys that one alone, only where there is whom to encrypt it to", async () => {
    const encrypting = await deploy({ recipient, retentionDays: 30 });
    const volumes = at(pod(encrypting), "volumes");
    assert.deepEqual(at(volumes, "1"), {
      name: "airflow-keys",
      secret: {
        secretName: "airflow-keys",
        defaultMode: 0o440,
        items: [{ key: "fernet-key", path: "fernet-key" }],
      },
    });
    assert.deepEqual(at(pod(encrypting), "containers.0.volumeMounts.1"), {
      name: "airflow-keys",
      mountPath: "/etc/airflow-keys",
      readOnly: true,
    });
    const { BACKUP_RECIPIENT, BACKUP_FERNET_KEY_FILE, BACKUP_RETENTION_DAYS } = fields(settings(encrypting));
    assert.deepEqual(
      [BACKUP_RECIPIENT, BACKUP_FERNET_KEY_FILE, BACKUP_RETENTION_DAYS],
      [recipient, "/etc/airflow-keys/fernet-key", "30"],
    );
    assert.doesNotMatch(JSON.stringify(recording.resources), /airflow-keys|BACKUP_RECIPIENT/);
  });

  it("takes its account's identity where the store is reached by one", async () => {
    const annotations = { "example.org/identity": "backup@example.org" };
    const identified = await deploy({}, bucket);
    assert.deepEqual(inputs("kubernetes:core/v1:ServiceAccount", "backup", identified), {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...metadata, annotations },
      automountServiceAccountToken: false,
    });
    const stringData = { PGPASSWORD: "secret-of-the-admin" };
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "backup", identified).stringData, stringData);
  });

  it("connects to each database by its own login where there is no administrator", async () => {
    const byLogins = await deploy({}, undefined, true);
    const { PGUSER, PGDATABASE, PGSERVICEFILE } = fields(settings(byLogins));
    assert.deepEqual(
      [PGUSER, PGDATABASE, PGSERVICEFILE],
      [undefined, undefined, "/etc/postgres-logins/pg_service.conf"],
    );
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "backup-logins", byLogins).stringData, {
      "pg_service.conf":
        "[ml_airflow]\ndbname=ml_airflow\nuser=user_airflow\npassword=secret-of-the-airflow\n" +
        "[ml_mlflow]\ndbname=ml_mlflow\nuser=user_mlflow\npassword=secret-of-the-mlflow\n",
    });
    assert.deepEqual(fields(inputs("kubernetes:core/v1:Secret", "backup", byLogins).stringData), {
      AWS_SECRET_ACCESS_KEY: "secret-of-the-store",
    });
    assert.deepEqual(at(pod(byLogins), "volumes.1"), {
      name: "logins",
      secret: { secretName: "backup-logins", defaultMode: 0o440 },
    });
    assert.deepEqual(at(pod(byLogins), "containers.0.volumeMounts.1"), {
      name: "logins",
      mountPath: "/etc/postgres-logins",
      readOnly: true,
    });
    assert.deepEqual(showing(byLogins.resources, "secret-of-the-"), []);
  });

  it("shows passwords nowhere but in the Secret", () => {
    assert.deepEqual(showing(recording.resources, "secret-of-the-"), []);
  });
});

describe("the backup's place in the object store", () => {
  const clientOf = (config: object) =>
    clientsByStore(validate({ cluster: { kind: "minikube" }, ...config })).minio.find(({ name }) => name === "backup");

  it("is a prefix of its own, for its own account", () => {
    const serviceAccounts = [{ namespace: "mlops", name: "backup" }];
    assert.deepEqual(clientOf({}), { name: "backup", prefix: "backups", serviceAccounts });
  });

  it("is not made where there is no backup", () => {
    assert.equal(clientOf({ backup: { enabled: false } }), undefined);
  });
});
