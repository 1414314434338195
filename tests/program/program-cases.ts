import { join } from "node:path";
import { at, isObject } from "../../lib/json.ts";
import { selfSignedCertificate } from "../../lib/certificate.ts";
import { type Rendering, render } from "../../preview/render.ts";
import { readStack } from "../../preview/stack.ts";

export const folder = join(import.meta.dirname, "../..");

/** A local package of the chart, where the user gives one: its objects are part of every check then. */
export const chart = process.env.AIRFLOW_CHART ?? process.env.CHART;

/** A stack's configuration with some of it replaced. */
export interface Case {
  title: string;
  stack: string;
  /** Keys of the project; objects are merged into the stack's own, one level deep. */
  config: Record<string, unknown>;
  /** Folder with the stack's file and the program. @default - the repository */
  folder?: string;
}

const executors = ["KubernetesExecutor", "CeleryExecutor", "CeleryExecutor,KubernetesExecutor", "LocalExecutor"];

const https = { kind: "git", repository: "https://git.example.org/team/dags.git" };
const ssh = { kind: "git", repository: "git@git.example.org:team/dags.git", authentication: "sshKey" };
const dagSources: Record<string, object> = {
  image: { kind: "image" },
  "git-sync": https,
  "git bundle": { ...https, method: "bundle" },
  hostPath: { kind: "hostPath", path: "/dags" },
};
const privateSources: Record<string, object> = {
  "git-sync with a token": { ...https, authentication: "token" },
  "git-sync with an SSH key": ssh,
  "git bundle with a token": { ...https, method: "bundle", authentication: "token" },
  "git bundle with an SSH key": { ...ssh, method: "bundle" },
};

const externalPostgres = {
  kind: "external",
  host: "postgres.example.org",
  caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
  cidr: "198.51.100.7/32",
};

/** The value of each secret in the configuration: letters that base64 and URLs write differently are in it. */
export function configuredSecret(name: string): string {
  return `sentinel/${name}+?&=~end`;
}

/** The same in the form of a private key. */
export function configuredKey(name: string): string {
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${configuredSecret(name)}\n-----END OPENSSH PRIVATE KEY-----`;
}

/** An authority of a site's own. */
export const siteAuthority = selfSignedCertificate(Buffer.alloc(32, 7).toString("base64"), [
  "ca.corp.example",
]).certificatePem;

/** What a company's network asks for: pods reach nothing without it. */
export const companySite = {
  imageRegistry: "registry.corp.example/mlops",
  imageMirror: "mirror.corp.example/rest",
  imageMirrors: { "docker.io": "mirror.corp.example/hub", "quay.io": "mirror.corp.example:5000/quay" },
  imagePullSecrets: ["regcred"],
  proxy: { http: "http://proxy.corp.example:3128", https: "http://10.7.0.8:3129", no: [".corp.example"] },
  caCertificates: [siteAuthority],
  scheduling: {
    platform: {
      nodeSelector: { pool: "platform" },
      tolerations: [{ key: "dedicated", operator: "Equal", value: "platform", effect: "NoSchedule" }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] },
            ],
          },
        },
      },
      priorityClassName: "business-critical",
    },
    tasks: {
      nodeSelector: { pool: "tasks" },
      tolerations: [{ key: "spot", operator: "Exists" }],
      priorityClassName: "batch",
    },
  },
  resources: {
    mlflow: { limits: { memory: "3Gi" } },
    backup: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "2Gi" } },
  },
  secrets: {
    proxy: { username: "proxy-user", password: configuredSecret("proxy") },
    registries: {
      "mirror.corp.example": { username: "robot", password: configuredSecret("registry") },
      "docker.io": { username: "hub", password: configuredSecret("hub") },
    },
  },
};

/** Changes to a stack that are tried one at a time. */
const variants: Record<string, Record<string, unknown>> = {
  "high availability": { airflow: { highAvailability: true } },
  "high availability with Celery": { airflow: { highAvailability: true, executor: "CeleryExecutor" } },
  "logs on a volume": { airflow: { logs: { kind: "volume", storageClass: "shared" } } },
  "a custom image": { airflow: { image: "registry.example.org/team/airflow:1.2.3" } },
  "a mirror": { imageMirror: "mirror.example.org/public", imageRegistry: "registry.example.org/mlops" },
  "no project": { projects: [] },
  "a project without a database": { projects: [{ name: "small", database: false }] },
  "port-forwards": { exposure: { kind: "portForward" } },
  "load balancers": { exposure: { kind: "loadBalancer", sourceRanges: ["203.0.113.0/24"] } },
  "an ingress with hosts of the site's own": {
    exposure: {
      kind: "ingress",
      className: "internal",
      hosts: {
        airflow: "airflow.corp.example",
        mlflow: "models.corp.example",
        grafana: "grafana.corp.example",
        prometheus: "metrics.corp.example",
      },
      defaultCertificate: true,
      tlsSecretNames: { grafana: "grafana-tls" },
      annotationsOf: { mlflow: { "nginx.ingress.kubernetes.io/proxy-body-size": "0" } },
    },
  },
  "a gateway": {
    exposure: {
      kind: "gateway",
      domain: "ml.example.org",
      hosts: { mlflow: "models.corp.example" },
      uis: ["airflow", "mlflow", "grafana"],
      parentRef: { name: "internal", namespace: "gateways", sectionName: "https" },
      sectionNames: { mlflow: "https-models" },
      annotations: { "external-dns.alpha.kubernetes.io/ttl": "60" },
    },
  },
  labels: { labels: { "cost-center": "ml" } },
  "new generations": {
    rotation: { admin: 2, certificate: 2, database: 2, fernet: 3, fernetRetired: 1, minio: 2, mlflow: 2, sessions: 2 },
  },
  "a site's Airflow": {
    airflow: {
      config: { core: { parallelism: 64, default_timezone: "Europe/Zurich" }, smtp: { smtp_host: "mail.example.org" } },
      environment: { REGION: "north" },
      variables: { sales: { start: "2026-01-01" } },
      replicas: { scheduler: 3 },
      values: { apiServer: { apiServerConfig: "AUTH_TYPE = 1" }, scheduler: { terminationGracePeriodSeconds: 60 } },
      resources: { worker: { requests: { memory: "2Gi" } } },
      pools: { warehouse: { slots: 4, description: "queries at the same time" } },
    },
    secrets: {
      airflow: {
        environment: { AIRFLOW__SMTP__SMTP_PASSWORD: configuredSecret("smtp") },
        connections: {
          warehouse: { type: "postgres", host: "db.example.org", password: configuredSecret("connection") },
        },
        variables: { weather_key: configuredSecret("variable") },
      },
    },
  },
  "no backup": { backup: { enabled: false } },
  "a backup with the key": {
    backup: { recipient: "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h" },
  },
  "another namespace": { namespace: "platform" },
  "a network of the site's own": {
    network: {
      ipFamilies: ["IPv4", "IPv6"],
      dns: [
        { namespace: "openshift-dns", ports: [5353] },
        { cidr: "169.254.20.10/32", ports: [53] },
      ],
      kubernetesApi: [{ cidr: "10.0.0.1/32", ports: [16443] }],
    },
    airflow: { egress: [{ host: "smtp.example.org", ports: [587] }] },
    projects: [
      {
        name: "warehouse",
        egress: [
          "198.51.100.0/24",
          { cidr: "10.1.2.3/32", ports: [5439, 3128] },
          { namespace: "clickhouse", ports: [8123] },
          { host: "sftp.example.org", ports: [22] },
        ],
      },
    ],
  },
  "the site's own network rules": { networkPolicies: false },
  "a company's site": companySite,
  "an S3 of the site": {
    minio: { enabled: false },
    s3: { endpoint: "https://s3.example.org:8443", bucket: "company", prefix: "teams/ml", region: "north-1" },
    secrets: {
      s3: {
        accessKey: configuredSecret("s3-key"),
        secretKey: configuredSecret("s3-secret"),
        clients: {
          backup: { accessKey: configuredSecret("s3-backup-key"), secretKey: configuredSecret("s3-backup-secret") },
        },
      },
    },
  },
};

/** As long as the configuration allows them: what is composed of them must not be too long for the cloud. */
const longest = { projects: [{ name: "p".repeat(30) }] };

/** Changes to a stack of one kind of cluster that are tried one at a time. */
const variantsOfKind: Record<string, Record<string, Record<string, unknown>>> = {
  minikube: {
    "a Prometheus of the site": { monitoring: { kind: "operator", labels: { release: "metrics" } } },
    "nothing that collects metrics": { monitoring: { kind: "none" } },
  },
  gke: {
    "an ingress with a managed certificate": { exposure: { kind: "ingress", domain: "ml.example.org" } },
    "only the cluster's layer": { layers: ["cluster"] },
    "no MinIO": { minio: { enabled: false } },
    "the longest names": {
      ...longest,
      cluster: { name: "n".repeat(20), project: "p".repeat(30), region: "northamerica-northeast1" },
    },
  },
  eks: {
    "the cloud's ingress": {
      exposure: {
        kind: "ingress",
        domain: "ml.example.org",
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/example",
      },
    },
    "every kind of node": { cluster: { spotNodes: {}, gpuNodes: { spot: true }, network: { natGateways: 3 } } },
    "nothing protected": { cluster: { deletionProtection: false }, labels: { environment: "development" } },
    "a cluster alone": { layers: ["cluster"] },
    "the longest names": { ...longest, cluster: { name: "n".repeat(30) } },
  },
};

/** Every case of a stack: executor × DAG source, each pair of either with a Postgres, private repositories, and each variant. */
export function casesOf(stack: string): Case[] {
  const kind = clusterKind(stack);
  const isCloud = kind === "gke" || kind === "eks";
  const sources = Object.entries(dagSources).filter(([source]) => source !== "hostPath" || kind === "minikube");
  const managed = isCloud ? { managed: { kind: "managed" } } : {};
  const servers = Object.entries({ ...managed, cluster: { kind: "cluster" }, external: externalPostgres });
  // Every pair of executor, source and server is in one of them; all triples would take three times as long.
  const products = executors.flatMap((executor, i) =>
    sources.map(([source, dags], j) => {
      const [server, postgres] = servers[(i + j) % servers.length] ?? ["", {}];
      return {
        title: `${executor}, DAGs by ${source}, Postgres ${server}`,
        stack,
        config: { airflow: { executor, dags }, postgres, secrets: secretsFor(dags, postgres) },
      };
    }),
  );
  const repositories = Object.entries(privateSources).map(([title, dags]) => ({
    title,
    stack,
    config: { airflow: { dags }, secrets: secretsFor(dags, {}) },
  }));
  return [
    { title: "as checked in", stack, config: {} },
    ...products,
    ...repositories,
    ...Object.entries({ ...variants, ...variantsOfKind[String(kind)] }).map(([title, config]) => ({
      title,
      stack,
      config,
    })),
  ];
}

/** Runs a case's program; every secret of its configuration is a placeholder. */
export function renderCase({ stack, config, folder: place = folder }: Case): Promise<Rendering> {
  const { project, config: own } = readStack(place, stack);
  const replaced = Object.entries(config).map(([key, value]) => {
    const name = `${project}:${key}`;
    return [name, textOf(merged(own[name], value))] as const;
  });
  const secretKeys = [`${project}:secrets`];
  return render({ folder: place, stack, config: Object.fromEntries(replaced), secretKeys, chart, download: false });
}

function secretsFor(dags: object, postgres: object): Record<string, unknown> {
  const isExternal = "host" in postgres;
  const authentication = "authentication" in dags ? dags.authentication : "none";
  return {
    projects: { pageviews: { API_KEY: configuredSecret("api-key") } },
    alerts: { webhookUrl: `https://alerts.example.org/${encodeURIComponent(configuredSecret("webhook"))}` },
    ...(isExternal ? { postgres: { adminPassword: configuredSecret("postgres") } } : {}),
    ...(authentication === "token" ? { git: { token: configuredSecret("token"), username: "robot" } } : {}),
    ...(authentication === "sshKey"
      ? { git: { sshPrivateKey: configuredKey("ssh"), knownHosts: "git.example.org ssh-ed25519 AAAA" } }
      : {}),
  };
}

function clusterKind(stack: string): unknown {
  const { project, config } = readStack(folder, stack);
  return at(JSON.parse(config[`${project}:cluster`] ?? "{}"), "kind");
}

function merged(own: string | undefined, value: unknown): unknown {
  if (own === undefined || !isObject(value) || "kind" in value) return value;
  const parsed: unknown = JSON.parse(own);
  return isObject(parsed) ? { ...parsed, ...value } : value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
