import { z } from "zod";
import { charts } from "../../components/charts.ts";
import { egress } from "../site/network.ts";
import { storageGiB } from "../platform.ts";
import { sizeSchema } from "../site/resources.ts";
import { chartValues, configFile, environment, pools, variables } from "./entries.ts";

const gitSource = z.strictObject({
  kind: z.literal("git"),
  repository: z
    .string()
    .regex(/^(https:\/\/|ssh:\/\/|git@)\S+$/, "https://…, ssh://… or git@host:path")
    .describe("URL of the repository."),
  branch: z.string().min(1).default("main"),
  path: z.string().default("dags").describe("Folder of the DAGs inside the repository."),
  method: z
    .enum(["gitSync", "bundle"])
    .default("gitSync")
    .describe("A git-sync sidecar beside each component, or Airflow's own GitDagBundle."),
  authentication: z
    .enum(["none", "token", "sshKey"])
    .default("none")
    .describe("`token` reads secrets.git.token, `sshKey` reads secrets.git.sshPrivateKey and secrets.git.knownHosts."),
  refreshSeconds: z.number().int().min(5).default(60).describe("Interval between two checks of the repository."),
});

const dagSource = z.discriminatedUnion("kind", [
  gitSource,
  z.strictObject({
    kind: z.literal("hostPath"),
    path: z.string().startsWith("/", "an absolute path on the node").describe("Folder on the node, mounted read-only."),
  }),
  z.strictObject({ kind: z.literal("image") }).describe("The DAGs are in airflow.image."),
]);

/** Parts of Airflow whose resources a site may set; `worker` is the pod of a task, or a Celery worker. */
const sized = z.enum(["apiServer", "scheduler", "dagProcessor", "triggerer", "worker", "redis", "statsd"]);

const replicaCount = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("@default - 2 with airflow.highAvailability, otherwise 1");

export const airflowSchema = z.strictObject({
  executor: z
    .enum(["KubernetesExecutor", "CeleryExecutor", "CeleryExecutor,KubernetesExecutor", "LocalExecutor"])
    .default("KubernetesExecutor")
    .describe(
      "Where tasks run: each in a pod of its own, in Celery's workers, or (LocalExecutor) in the scheduler, four at a time.",
    ),
  redis: z.boolean().optional().describe("Whether Celery's broker runs. @default - true when the executor uses Celery"),
  dags: dagSource.prefault({ kind: "image" }),
  logs: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("objectStorage") }),
      z.strictObject({
        kind: z.literal("volume"),
        storageGiB: storageGiB(10),
        storageClass: z.string().min(1).optional().describe("A class with ReadWriteMany. @default - the cluster's"),
      }),
    ])
    .prefault({ kind: "objectStorage" }),
  highAvailability: z
    .boolean()
    .default(false)
    .describe("Two API servers, schedulers, DAG processors and triggerers, with disruption budgets and spreading."),
  replicas: z
    .strictObject({
      apiServer: replicaCount,
      scheduler: replicaCount,
      dagProcessor: replicaCount,
      triggerer: replicaCount,
    })
    .prefault({}),
  resources: z
    .partialRecord(sized, sizeSchema)
    .default({})
    .describe(
      `\`requests\` and \`limits\` with \`cpu\` and \`memory\` of: ${sized.options.join(", ")}. @default - enough for many DAGs`,
    ),
  image: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A custom image, `repository:tag`. @default - the upstream image; images/airflow when dags.kind is image",
    ),
  celeryWorkers: z.number().int().min(1).default(1).describe("Workers of the CeleryExecutor."),
  chart: z
    .string()
    .min(1)
    .default(charts.airflow.repository)
    .describe("Where the chart comes from: a repository (https://…), an OCI registry (oci://…) or a local path."),
  egress: egress
    .default([])
    .describe(
      "What Airflow's processes and workers may reach outside the platform: databases, SMTP, a secrets backend.",
    ),
  adminEmail: z.email("an e-mail address").default("admin@example.org"),
  config: configFile
    .default({})
    .describe("Options of airflow.cfg by section, beside those that the platform sets. See docs/airflow.md."),
  environment: environment
    .default({})
    .describe("Variables of every Airflow container. Secret ones: secrets.airflow.environment."),
  variables: variables
    .default({})
    .describe("Variables of Airflow, for every DAG: a text, or JSON. Secret ones: secrets.airflow.variables."),
  values: chartValues
    .default({})
    .describe("Values of the chart, laid over those that the platform generates. See docs/airflow.md."),
  pools: pools.default({}).describe("Pools of Airflow by their name: `slots`, `description`, `includeDeferred`."),
});
