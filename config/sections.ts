import { z } from "zod";
import { airflowSchema } from "./airflow/schema.ts";
import { dataNames } from "./data-names.ts";
import { exactTag, isExactTag } from "./image-tag.ts";
import { exposureSchema } from "./exposure/schema.ts";
import { monitoringSchema } from "./site/monitoring.ts";
import { networkSchema } from "./site/network.ts";
import { caCertificatesSchema } from "./site/certificates.ts";
import { proxySchema } from "./site/proxy.ts";
import { sizedGroups } from "../components/parts.ts";
import { resourcesSchema } from "./site/resources.ts";
import { schedulingSchema } from "./site/scheduling.ts";
import { mirrorsSchema, optionalImagePrefix, pullSecretsSchema } from "./site/registries.ts";
import {
  backupSchema,
  dnsLabel,
  minioSchema,
  mlflowSchema,
  namespacePrefix,
  postgresSchema,
  projectSchema,
  secretsSchema,
} from "./platform.ts";
import { s3Schema } from "./s3/schema.ts";

/** Kubernetes' own rules; source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
    "a label name such as cost-center or example.org/team",
  );
const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/, "at most 63 letters, digits, -, _ and .");

const generation = z.number().int().min(1).default(1);

/** Every key of a stack's configuration except the cluster's, with its default and its meaning. */
export const sections = {
  layers: z
    .array(z.enum(["cluster", "platform"]))
    .min(1, "cluster, platform or both")
    .default(["cluster", "platform"])
    .describe("What this stack deploys: the cluster, the platform on it, or both."),
  clusterStack: z
    .string()
    .default("")
    .describe("With layers [platform]: the stack that creates the cluster, organization/project/stack. Empty: none."),
  namespace: dnsLabel.default("mlops").describe("Namespace of the platform."),
  createNamespaces: z
    .boolean()
    .default(true)
    .describe("Whether the program creates its namespaces. False: the site creates and labels them. See docs/site.md."),
  platformId: z
    .string()
    .regex(/^([0-9a-f]{16})?$/, "the 16 hexadecimal digits that the platform's objects carry, or nothing")
    .default("")
    .describe("Id of a platform whose state was lost, to take over its data. Empty: a random id, stored in the state."),
  projectNamespacePrefix: namespacePrefix
    .default("")
    .describe(
      "Prefix of the projects' namespaces, such as staging-. Two platforms on one cluster need different prefixes.",
    ),
  imageRegistry: optionalImagePrefix
    .default("")
    .describe(
      "Registry and path of published images of the platform, as pushed by `make images`. Empty: in a cloud, the program builds them and pushes them to the registry that it creates; elsewhere localhost/mlops, loaded onto the nodes.",
    ),
  imageTag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, "an image tag")
    .refine((tag) => isExactTag(tag), exactTag)
    .default("0.1.0")
    .describe("Tag of the published images in imageRegistry."),
  imageMirror: optionalImagePrefix
    .default("")
    .describe("Registry prefix that replaces the registry of every public image. Empty: none."),
  network: networkSchema.prefault({}).describe("How the cluster's network is: DNS, API server, families of addresses."),
  networkPolicies: z
    .boolean()
    .default(true)
    .describe("Whether the program creates NetworkPolicies. False: the site's own rules protect the namespaces."),
  imageMirrors: mirrorsSchema
    .default({})
    .describe(
      "The same for single registries, before imageMirror: docker.io, public.ecr.aws, quay.io, registry.k8s.io.",
    ),
  imagePullSecrets: pullSecretsSchema
    .default([])
    .describe(
      "Names of Secrets with registry logins that you create in each namespace. `secrets.registries` creates them for you.",
    ),
  proxy: proxySchema
    .optional()
    .describe("HTTP proxy of every pod that connects to the outside, tasks included. Default: none."),
  caCertificates: caCertificatesSchema.describe(
    "Certificate authorities in PEM, as a text or a list, that pods trust beside the public ones.",
  ),
  scheduling: schedulingSchema
    .prefault({})
    .describe("Nodes, taints, affinity and priority class of the platform's pods and of tasks."),
  resources: resourcesSchema
    .default({})
    .describe(
      `\`requests\` and \`limits\` with \`cpu\` and \`memory\` of: ${sizedGroups.join(", ")}. Airflow's are in airflow.resources. Default: enough for a team.`,
    ),
  exposure: exposureSchema
    .optional()
    .describe("How the web UIs are exposed. Default: nodePort on minikube, portForward elsewhere."),
  airflow: airflowSchema
    .prefault({})
    .describe("Airflow: executor, DAG source, logs, image, chart, and the site's own settings. See docs/airflow.md."),
  postgres: postgresSchema
    .optional()
    .describe("Postgres: kind cluster, external or managed. Default: managed on gke and eks, otherwise cluster."),
  mlflow: mlflowSchema.prefault({}).describe("MLflow: where artifacts are stored."),
  minio: minioSchema.prefault({}).describe("MinIO: whether it runs, and its volume."),
  s3: s3Schema
    .optional()
    .describe("An S3 of the site in place of MinIO. Its keys are in secrets.s3. Default: none. See docs/site.md."),
  monitoring: monitoringSchema
    .prefault({})
    .describe(
      "Who collects metrics: a Prometheus of the platform (bundled), one of the site (operator), or none. See docs/site.md.",
    ),
  backup: backupSchema
    .prefault({})
    .describe("Backup of the databases to object storage: schedule, retention, recipient of the key."),
  projects: z
    .array(projectSchema)
    .default([])
    .describe("Projects: each gets a namespace, identity, data prefix, database, ConfigMap and Secret."),
  allowDataLoss: z
    .array(z.enum(dataNames))
    .default([])
    .describe("Data that the next updates may delete or replace. See docs/operations.md."),
  rotation: z
    .strictObject({
      fernet: generation.describe("Key with which Airflow encrypts connections and variables."),
      fernetRetired: z
        .number()
        .int()
        .min(0)
        .default(0)
        .describe("Newest generation of the Fernet key that Airflow no longer uses for reading."),
      admin: generation.describe("Passwords of administrators: Airflow, MLflow, MinIO, Grafana, Prometheus, Postgres."),
      database: generation.describe("Logins of the databases; the previous login stays until it is retired."),
      minio: generation.describe("Users of MinIO; the previous user stays until it is retired."),
      mlflow: generation.describe("Passwords of the projects in MLflow; running pods lose access."),
      sessions: generation.describe(
        "Airflow's signing keys and the password of Celery's broker: ends sessions and running tasks.",
      ),
      certificate: generation.describe("Certificate of the Postgres in the cluster; restarts it."),
    })
    .prefault({})
    .describe("Generation of each kind of generated secret: a higher number renews them. See docs/operations.md."),
  labels: z
    .record(labelKey, labelValue)
    .default({})
    .describe("Labels on every Kubernetes object and tags on every cloud resource, e.g. cost-center."),
  secrets: secretsSchema
    .prefault({})
    .describe("Secret values, each set with `scripts/pulumi config set --stack <stack> --secret --path secrets.…`."),
};

type Sections = z.output<z.ZodObject<typeof sections>>;
/** Sections whose default depends on the kind of cluster. */
type KindSections = "exposure" | "postgres";

/** A stack's values by the schema, with every default, on a cluster of these settings. */
export type StackConfig<Cluster> = Omit<Sections, KindSections> & {
  cluster: Cluster;
} & { [key in KindSections]-?: NonNullable<Sections[key]> };
