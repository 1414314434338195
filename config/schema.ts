import { z } from "zod";
import { clusterSchema } from "./cluster.ts";
import { dataNames } from "./data-names.ts";
import { exactTag, isExactTag } from "./image-tag.ts";
import {
  airflowSchema,
  backupSchema,
  dnsLabel,
  exposureSchema,
  minioSchema,
  mlflowSchema,
  monitoringSchema,
  namespacePrefix,
  postgresSchema,
  projectSchema,
  secretsSchema,
} from "./platform.ts";

/** What Kubernetes takes; source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
    "a label's name such as cost-center or example.org/team",
  );
const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/, "at most 63 of letters, digits, -, _ and .");

const generation = z.number().int().min(1).default(1);

/** The schema of record: every key of a stack's configuration, its default and its meaning. */
export const configSchema = z.strictObject({
  cluster: clusterSchema.describe("The cluster: kind minikube, existing, gke or eks, and what that kind needs."),
  layers: z
    .array(z.enum(["cluster", "platform"]))
    .min(1, "cluster, platform or both")
    .default(["cluster", "platform"])
    .describe("What this stack makes: the cluster, the platform on it, or both."),
  clusterStack: z
    .string()
    .default("")
    .describe("With layers [platform]: the stack that made the cluster, organization/project/stack. Empty: none."),
  namespace: dnsLabel.default("mlops").describe("Namespace of the platform."),
  platformId: z
    .string()
    .regex(/^([0-9a-f]{16})?$/, "the 16 hexadecimal digits that the platform's objects carry, or nothing")
    .default("")
    .describe("Id of a platform whose state was lost, to take its data over. Empty: a random one, kept in the state."),
  projectNamespacePrefix: namespacePrefix
    .default("")
    .describe(
      "What stands before a project's name in its namespace's, such as staging-: another platform on the cluster needs another one.",
    ),
  imageRegistry: z
    .string()
    .default("localhost/mlops")
    .describe("Registry and path of the platform's own images, as pushed by `make images`."),
  imageTag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, "an image tag")
    .refine((tag) => isExactTag(tag), exactTag)
    .default("0.1.0")
    .describe("Tag of the platform's own images."),
  imageMirror: z
    .string()
    .default("")
    .describe("Registry prefix that every public image is pulled through instead. Empty: none."),
  exposure: exposureSchema
    .optional()
    .describe("How the web UIs are reached. Default: nodePort on minikube, portForward elsewhere."),
  airflow: airflowSchema.prefault({}).describe("Airflow: executor, DAG source, logs, high availability, image, chart."),
  postgres: postgresSchema
    .optional()
    .describe("Postgres: kind cluster, external or managed. Default: managed on gke and eks, else cluster."),
  mlflow: mlflowSchema.prefault({}).describe("MLflow: where artifacts are kept."),
  minio: minioSchema.prefault({}).describe("MinIO: whether it runs, and its volume."),
  monitoring: monitoringSchema.prefault({}).describe("Prometheus: how long and on how much disk metrics are kept."),
  backup: backupSchema.prefault({}).describe("Backup of the databases to object storage: when, how long, to whom."),
  projects: z
    .array(projectSchema)
    .default([])
    .describe("Projects: each gets a namespace, identity, data prefix, database, ConfigMap and Secret."),
  allowDataLoss: z
    .array(z.enum(dataNames))
    .default([])
    .describe("What the next updates may delete or replace with the data in it. See docs/operations.md."),
  rotation: z
    .strictObject({
      fernet: generation.describe("Key that Airflow encrypts connections and variables with."),
      fernetRetired: z
        .number()
        .int()
        .min(0)
        .default(0)
        .describe("Newest generation of the Fernet key that is no longer read."),
      admin: generation.describe("Passwords of administrators: Airflow, MLflow, MinIO, Grafana, Prometheus, Postgres."),
      database: generation.describe("Logins of the databases; the one before stays until it is retired."),
      minio: generation.describe("Users of MinIO; the one before stays until it is retired."),
      mlflow: generation.describe("Passwords of the projects in MLflow; pods that run lose theirs."),
      sessions: generation.describe(
        "Airflow's signing keys and the password of Celery's broker: ends sessions and the tasks that run.",
      ),
      certificate: generation.describe("Certificate of the Postgres in the cluster; restarts it."),
    })
    .prefault({})
    .describe("Generation of each kind of generated secret: one more makes new ones. See docs/operations.md."),
  labels: z
    .record(labelKey, labelValue)
    .default({})
    .describe("Labels on every Kubernetes object and tags on every cloud resource, e.g. cost-center."),
  secrets: secretsSchema
    .prefault({})
    .describe("Secret values, each set with `pulumi config set --secret --path secrets.…`."),
});

export type RawConfig = z.output<typeof configSchema>;
