import { Airflow, type AirflowArgs } from "../../components/airflow/airflow.ts";
import type { DagSource } from "../../components/airflow/dag-source.ts";
import type { Executor } from "../../components/airflow/executor.ts";
import type { AirflowOptions } from "../../components/airflow/values.ts";
import { createImages, publicImages } from "../../components/images.ts";
import { type Config, validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import * as pulumi from "@pulumi/pulumi";

export const namespace = "mlops";

export const executors: Executor[] = [
  "KubernetesExecutor",
  "CeleryExecutor",
  "CeleryExecutor,KubernetesExecutor",
  "LocalExecutor",
];

const git = { kind: "git", branch: "release", path: "pipelines", refreshSeconds: 90 } as const;
const overHttps = { ...git, repository: "https://git.example.org/team/dags.git" } as const;
const overSsh = { ...git, repository: "git@git.example.org:team/dags.git", authentication: "sshKey" } as const;

/** Every way in which DAGs reach Airflow. */
export const dagSources = {
  image: { kind: "image" },
  hostPath: { kind: "hostPath", path: "/srv/dags" },
  gitSync: { ...overHttps, method: "gitSync", authentication: "none" },
  gitSyncToken: { ...overHttps, method: "gitSync", authentication: "token" },
  gitSyncSsh: { ...overSsh, method: "gitSync" },
  bundle: { ...overHttps, method: "bundle", authentication: "none" },
  bundleToken: { ...overHttps, method: "bundle", authentication: "token" },
  bundleSsh: { ...overSsh, method: "bundle" },
} as const satisfies Record<string, DagSource>;

export type DagSourceName = keyof typeof dagSources;

export const dagSourceNames = Object.keys(dagSources).filter((name): name is DagSourceName => name in dagSources);

/** Nothing renewed yet. */
export const firstRotation: Config["rotation"] = {
  ...{ admin: 1, certificate: 1, database: 1, fernet: 1, fernetRetired: 0, minio: 1, mlflow: 1, sessions: 1 },
};

/** Options of the chart's values: the default ones, with some of them replaced. */
export function options(replaced: Partial<AirflowOptions> = {}): AirflowOptions {
  const isHostPath = replaced.dags?.kind === "hostPath";
  return {
    namespace,
    executor: "KubernetesExecutor",
    dags: dagSources.image,
    ...(isHostPath ? { dagsClaim: "airflow-dags-0a1b2c3d" } : {}),
    logs: { kind: "objectStorage", hasSecrets: true },
    celeryWorkers: 1,
    highAvailability: false,
    image: "registry.example.org/mlops/airflow:0.1.0",
    images: {
      airflow: publicImages.airflow,
      statsd: publicImages.statsdExporter,
      redis: publicImages.redis,
      gitSync: publicImages.gitSync,
    },
    adminEmail: "admin@example.org",
    adminGeneration: 1,
    hasMetrics: true,
    podAnnotations: { "mlops/secrets-generation": "1" },
    site: {
      config: {},
      environment: {},
      variables: {},
      pools: {},
      replicas: {},
      resources: {},
      secretNames: { environment: [], connections: [] },
    },
    ...replaced,
  };
}

/** Values of the stack's secrets, each of them in the letters that URLs and JSON write differently. */
export const gitCredentials = {
  token: 'token/+?&="end',
  username: "robot",
  sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nsentinel\n-----END OPENSSH PRIVATE KEY-----",
  knownHosts: "git.example.org ssh-ed25519 AAAA\n",
};

export interface Deployment {
  airflow?: Record<string, unknown>;
  args?: Partial<AirflowArgs>;
  /** `secrets.airflow` of the configuration. */
  secrets?: object;
  /** @default credentials in the environment, as MinIO wants them */
  logs?: "credentials" | "identity" | "volume";
  dryRun?: boolean;
}

/** Records the component, with a platform around it that is made up. */
export function deploy({
  airflow = {},
  args = {},
  secrets = {},
  logs = "credentials",
  dryRun = false,
}: Deployment = {}): Promise<Recording> {
  const config = validate({
    cluster: { kind: "minikube" },
    airflow: { ...airflow, ...(logs === "volume" ? { logs: { kind: "volume" } } : {}) },
    secrets: { git: gitCredentials, airflow: secrets },
  });
  const program = () => {
    const component = new Airflow("airflow", {
      hasMetrics: true,
      namespace,
      config: config.airflow,
      images: createImages("registry.example.org/mlops", "0.1.0"),
      embeddedDagsImage: "registry.example.org/mlops/airflow:0.1.0",
      database: {
        host: "postgres.mlops.svc",
        port: 5432,
        database: "airflow",
        user: "airflow",
        password: pulumi.secret("database/+?&end"),
        caCertificate: "-----BEGIN CERTIFICATE-----",
      },
      logs: logs === "volume" ? undefined : logStorage[logs],
      storageClass: "standard",
      projects: [{ name: "pageviews", namespace: pulumi.output("pageviews") }],
      platformJson: '{"version": 1}',
      baseUrl: "http://192.168.49.2:30080",
      secrets: config.secrets,
      rotation: firstRotation,
      ...args,
    });
    return { adminUser: component.adminUser, adminPassword: component.adminPassword, ready: component.ready.length };
  };
  return record(program, { dryRun });
}

const logStorage = {
  credentials: {
    uri: "s3://mlops/airflow/logs",
    environment: { AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000", AWS_REGION: "us-east-1" },
    get secretEnvironment() {
      return { AWS_ACCESS_KEY_ID: pulumi.secret("airflow"), AWS_SECRET_ACCESS_KEY: pulumi.secret("storage-secret") };
    },
    accountAnnotations: {},
  },
  identity: {
    get uri() {
      return pulumi.output("gs://acme-ml/airflow/logs");
    },
    environment: {},
    secretEnvironment: {},
    accountAnnotations: Object.fromEntries(
      ["airflow-worker", "airflow-api-server", "airflow-triggerer"].map((account) => [
        account,
        { "iam.gke.io/gcp-service-account": `${account}@acme.iam.gserviceaccount.com` },
      ]),
    ),
  },
};
