import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { databaseAccess } from "./database-access.ts";
import { backupPod, caFolder, fernetKeyFile } from "./backup-pod.ts";
import type { StorageAccess } from "../cluster/cluster.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import type { DatabasesReader } from "../postgres/create-databases.ts";

interface BackupSettings {
  namespace: pulumi.Input<string>;
  images: Images;
  config: Config["backup"];
  /** Names of the platform's databases; the server may have others. */
  databases: string[];
  /** Its own prefix of the object store. */
  storage: StorageAccess;
}

export type BackupArgs = BackupSettings & DatabasesReader;

/** Time limit of one run; a run that exceeds it leaves an incomplete backup. */
const deadlineSeconds = 6 * 3600;

/**
 * A CronJob that dumps every database to object storage, with the roles, Airflow's Fernet key and a manifest.
 *
 * The key is encrypted to the configured recipient, and left out where there is none. A restore is a Job of the same
 * pod, see docs/operations.md. A run requests 100m CPU and 128 MiB of memory.
 *
 * ```ts
 * new Backup("backup", { namespace, images, config: config.backup, server, databases: ["airflow"], storage });
 * ```
 */
export class Backup extends pulumi.ComponentResource {
  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:backup:Backup", name, {}, opts);
    const { namespace, server, storage, config } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const account = new k8s.core.v1.ServiceAccount(
      name,
      {
        metadata: { ...metadata, annotations: storage.accountAnnotations[name] ?? {} },
        automountServiceAccountToken: false,
      },
      child,
    );
    const access = databaseAccess(args);
    const settings = new k8s.core.v1.ConfigMap(name, { metadata, data: environment(args, access) }, child);
    const secrets = new k8s.core.v1.Secret(
      name,
      { metadata, stringData: { ...access.secretEnvironment, ...storage.secretEnvironment } },
      child,
    );
    const loginsMetadata = { ...metadata, name: `${name}-logins` };
    const logins =
      access.logins === undefined
        ? undefined
        : new k8s.core.v1.Secret(`${name}-logins`, { metadata: loginsMetadata, stringData: access.logins }, child);
    const authority = new k8s.core.v1.ConfigMap(
      `${name}-ca`,
      { metadata: { ...metadata, name: `${name}-ca` }, data: { "ca.crt": server.caCertificate } },
      child,
    );
    const pod = backupPod({
      image: args.images.own("backup"),
      serviceAccount: account.metadata.name,
      settings: settings.metadata.name,
      secrets: secrets.metadata.name,
      authority: authority.metadata.name,
      logins: logins?.metadata.name,
      withFernetKey: config.recipient !== undefined,
    });
    new k8s.batch.v1.CronJob(name, { metadata, spec: cronJobSpec(name, config, pod) }, child);
    this.registerOutputs({});
  }
}

/** The connection as libpq reads it, the store, and what `backup run` is told. */
function environment(
  { server, storage, config, databases }: BackupArgs,
  access: Pick<ReturnType<typeof databaseAccess>, "environment">,
): Record<string, pulumi.Input<string>> {
  return {
    PGHOST: server.host,
    PGPORT: String(server.port),
    ...access.environment,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${caFolder}/ca.crt`,
    ...storage.environment,
    BACKUP_URI: storage.uri,
    BACKUP_DATABASES: databases.join(","),
    BACKUP_RETENTION_DAYS: String(config.retentionDays),
    ...(config.recipient === undefined
      ? {}
      : { BACKUP_RECIPIENT: config.recipient, BACKUP_FERNET_KEY_FILE: fernetKeyFile }),
  };
}

function cronJobSpec(
  name: string,
  { schedule }: Config["backup"],
  pod: k8s.types.input.core.v1.PodSpec,
): k8s.types.input.batch.v1.CronJobSpec {
  return {
    schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    // A run that a control plane which was away has missed is made up for within the hour.
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels: labels(name) },
      spec: {
        activeDeadlineSeconds: deadlineSeconds,
        backoffLimit: 2,
        template: { metadata: { labels: labels(name) }, spec: pod },
      },
    },
  };
}
