import { z } from "zod";
import { isAgeRecipient } from "../lib/age.ts";
import { cidr } from "../lib/cidr.ts";
import { egress } from "./site/network.ts";
import { isSchedule } from "../lib/cron.ts";
import { airflowSecretsSchema } from "./airflow/secret-schema.ts";
import { whyCut } from "./private-key.ts";
import { longestPrefix } from "./project-namespace.ts";
import { registryLogins } from "./site/registries.ts";
import { databasesSchema, postgresSecretsSchema } from "./postgres/schema.ts";
import { s3SecretsSchema } from "./s3/schema.ts";

/** A Kubernetes name: it becomes a namespace, a service account, a label, a role and a bucket prefix. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, "at most 40 characters of a-z, 0-9 and -, starting with a letter");

/** Prefix of the namespaces of projects; empty for none. */
export const namespacePrefix = z
  .string()
  .regex(
    new RegExp(`^([a-z][-a-z0-9]{0,${longestPrefix - 1}})?$`),
    `at most ${longestPrefix} characters of a-z, 0-9 and -, starting with a letter, such as staging-`,
  );

/** A whole private key in PEM; it is never printed. */
const privateKey = z.string().superRefine((text, context) => {
  const found = whyCut(text);
  if (found === undefined) return;
  const message =
    "a private key from its line -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----, each on a line of its own";
  context.addIssue({ code: "custom", message, params: { found } });
});

const wholeCertificate = /^\s*-----BEGIN CERTIFICATE-----\r?\n[\s\S]*\S\r?\n-----END CERTIFICATE-----\s*$/;

const envName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "the name of an environment variable, such as API_URL");

/** A Kubernetes quantity of memory, e.g. `512Mi`. */
export const memory = z.string().regex(/^[1-9]\d*(Mi|Gi)$/, "a quantity such as 512Mi or 2Gi");

/** A Kubernetes quantity of CPU, e.g. `500m`. */
export const cpu = z.string().regex(/^([1-9]\d*m|[1-9]\d*(\.\d+)?|0\.\d+)$/, "a quantity such as 500m or 2");

export const storageGiB = (gib: number) => z.number().int().min(1).max(65536).default(gib);

/** Settings of the databases on a server of any kind. */
const onPostgres = {
  prefix: z
    .string()
    .regex(/^([a-z][a-z0-9_]{0,14})?$/, "at most 15 characters of a-z, 0-9 and _, starting with a letter")
    .refine((prefix) => !prefix.startsWith("pg_"), "not pg_, which Postgres reserves")
    .default("")
    .describe(
      "Prefix of each role's and database's name, for a second platform on one server. A changed prefix starts with empty databases.",
    ),
  extensions: z
    .array(z.string().regex(/^[a-z][-a-z0-9_]{0,62}$/, "the name of an extension, such as pg_trgm"))
    .default([])
    .describe("Extensions that the platform creates in every database. Clients cannot create extensions."),
};

export const postgresSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("cluster"), storageGiB: storageGiB(20), ...onPostgres }),
  z.strictObject({
    kind: z.literal("external"),
    host: z.string().regex(/^([\w.-]+|[0-9a-fA-F:]+)$/, "a host name or an address, without scheme, port or path"),
    port: z.number().int().min(1).max(65535).default(5432),
    adminUser: z.string().min(1).default("postgres"),
    caCertificate: z
      .string()
      .regex(wholeCertificate, "a PEM certificate, from its line -----BEGIN to its line -----END")
      .meta({
        description: "Certificates of the authorities with which clients verify the server, one after another.",
        file: "ca.pem",
      }),
    cidr: cidr
      .optional()
      .describe("Address range of the server, for the NetworkPolicies. @default - every address, on its port"),
    databases: databasesSchema
      .optional()
      .describe(
        "Databases and logins that a DBA makes: airflow, mlflow, mlflow-auth, grafana (with the bundled monitoring), each project, and exporter for metrics. See docs/site.md. @default - the administrator creates them",
      ),
    ...onPostgres,
  }),
  z.strictObject({
    kind: z.literal("managed"),
    instanceType: z.string().min(1).optional().describe("@default - a small one that fits the platform"),
    storageGiB: storageGiB(20),
    backupRetentionDays: z.number().int().min(1).max(35).default(7),
    highAvailability: z.boolean().default(false).describe("A standby in a second zone."),
    ...onPostgres,
  }),
]);

export const mlflowSchema = z.strictObject({
  artifactStore: z
    .enum(["minio", "cloud"])
    .optional()
    .describe("@default - s3 if it is set, else the cloud's bucket if the cluster has one, otherwise minio"),
});

export const minioSchema = z.strictObject({
  enabled: z.boolean().default(true),
  storageGiB: storageGiB(20),
  image: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Another server with MinIO's S3 and admin API, `repository:tag`. @default - Silo, as components/images.ts pins it",
    ),
});

export const backupSchema = z.strictObject({
  enabled: z.boolean().default(true),
  schedule: z
    .string()
    .refine(isSchedule, "a cron schedule of five fields such as 17 2 * * *, or @daily")
    .default("17 2 * * *")
    .describe(
      "Schedule of the backup in cron syntax, in UTC. The alert on the backup's age expects a backup every day.",
    ),
  retentionDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(14)
    .describe("Age at which a backup is deleted. The newest backup is never deleted."),
  recipient: z
    .string()
    .refine(isAgeRecipient, "an age public key, age1…, as age-keygen prints it")
    .optional()
    .describe("Public key that encrypts Airflow's Fernet key. @default - the key is not backed up"),
});

export const projectSchema = z.strictObject({
  name: dnsLabel,
  config: z.record(envName, z.string()).default({}).describe("Entries of the project's ConfigMap."),
  database: z.boolean().default(true).describe("Whether it has its own database and role."),
  quota: z
    .strictObject({
      cpu: cpu.default("4"),
      memory: memory.default("8Gi"),
      pods: z.number().int().min(1).default(20),
    })
    .prefault({})
    .describe("Maximum sum of its pods' requests."),
  egress: egress
    .default(["0.0.0.0/0"])
    .describe(
      "What its pods may reach outside the platform: a CIDR, which opens port 443, or {cidr | namespace | host, ports}.",
    ),
  removed: z
    .boolean()
    .default(false)
    .describe(
      "Delete its namespace and the namespace's contents, but keep its database, data prefix and experiments. See docs/adding.md.",
    ),
});

export const secretsSchema = z.strictObject({
  postgres: postgresSecretsSchema.optional(),
  git: z
    .strictObject({
      token: z.string().min(1).optional(),
      username: z.string().min(1).optional(),
      sshPrivateKey: privateKey.optional().meta({ file: "deploy-key" }),
      knownHosts: z.string().min(1).optional(),
    })
    .optional(),
  s3: s3SecretsSchema.optional(),
  airflow: airflowSecretsSchema.prefault({}),
  alerts: z
    .strictObject({
      webhookUrl: z
        .url("a URL")
        .describe(
          "Incoming webhook of Slack, Microsoft Teams or Discord, by its host; any other gets Alertmanager's own JSON.",
        ),
    })
    .optional(),
  registries: registryLogins.default({}),
  proxy: z.strictObject({ username: z.string().min(1), password: z.string().min(1) }).optional(),
  projects: z.record(z.string(), z.record(envName, z.string())).default({}),
});
