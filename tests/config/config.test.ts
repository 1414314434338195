import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";

const minikube = { cluster: { kind: "minikube" } };
const imageRegistry = "registry.example.org/mlops";
const gke = { imageRegistry, cluster: { kind: "gke", project: "acme-ml-prod", region: "europe-west4" } };
const eks = { imageRegistry, cluster: { kind: "eks", region: "eu-central-1" } };

/** What is wrong, and the parts that its message must have: key, what was found, what is allowed, the fix. */
interface BadCase {
  name: string;
  config: Record<string, unknown>;
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

const bad: BadCase[] = [
  { name: "no cluster", config: {}, key: "cluster", found: "nothing", allowed: "object", fix: "Pulumi.<stack>.yaml" },
  {
    name: "unknown kind of cluster",
    config: { cluster: { kind: "aks" } },
    key: "cluster.kind",
    found: '"aks"',
    allowed: "minikube, existing, gke, eks",
    fix: "pulumi config set --path 'cluster.kind'",
  },
  {
    name: "unknown key at the top",
    config: { ...minikube, airfow: {} },
    key: "airfow",
    found: "{}",
    allowed: "no such key",
    fix: "pulumi config rm --path 'airfow'",
  },
  {
    name: "unknown key inside an object",
    config: { ...minikube, airflow: { executer: "LocalExecutor" } },
    key: "airflow.executer",
    found: '"LocalExecutor"',
    allowed: "no such key",
    fix: "pulumi config rm",
  },
  {
    name: "unknown key of the cluster's kind",
    config: { cluster: { kind: "minikube", region: "x" } },
    key: "cluster.region",
    found: '"x"',
    allowed: "no such key",
    fix: "pulumi config rm",
  },
  {
    name: "egress to a host without ports",
    config: { ...minikube, projects: [{ name: "alpha", egress: ["db.example.org"] }] },
    key: "projects[0].egress[0]",
    found: '"db.example.org"',
    allowed: "{host: db.example.org, ports: [5432]}",
    fix: "projects[0].egress[0]",
  },
  {
    name: "egress to two peers at once",
    config: {
      ...minikube,
      projects: [{ name: "alpha", egress: [{ cidr: "10.0.0.0/8", host: "a.example.org", ports: [1] }] }],
    },
    key: "projects[0].egress[0]",
    found: '{"cidr":"10.0.0.0/8","host":"a.example.org","ports":[1]}',
    allowed: "exactly one of cidr, namespace and host",
    fix: "projects[0].egress[0]",
  },
  {
    name: "egress to a port that does not exist",
    config: { ...minikube, airflow: { egress: [{ cidr: "10.0.0.0/8", ports: [70000] }] } },
    key: "airflow.egress[0].ports[0]",
    found: "70000",
    allowed: "at most 65535",
    fix: "airflow.egress[0].ports[0]",
  },
  {
    name: "no DNS",
    config: { ...minikube, network: { dns: [] } },
    key: "network.dns",
    found: "[]",
    allowed: "at least one",
    fix: "network.dns",
  },
  {
    name: "unknown executor",
    config: { ...minikube, airflow: { executor: "DaskExecutor" } },
    key: "airflow.executor",
    found: '"DaskExecutor"',
    allowed: "KubernetesExecutor, CeleryExecutor",
    fix: "pulumi config set",
  },
  {
    name: "Celery without Redis",
    config: { ...minikube, airflow: { executor: "CeleryExecutor", redis: false } },
    key: "airflow.redis",
    found: "false",
    allowed: "true with executor CeleryExecutor",
    fix: "'airflow.redis' true",
  },
  {
    name: "Redis without Celery",
    config: { ...minikube, airflow: { redis: true } },
    key: "airflow.redis",
    found: "true",
    allowed: "false with executor KubernetesExecutor",
    fix: "'airflow.redis' false",
  },
  {
    name: "git source without repository",
    config: { ...minikube, airflow: { dags: { kind: "git" } } },
    key: "airflow.dags.repository",
    found: "nothing",
    allowed: "a string",
    fix: "pulumi config set --path 'airflow.dags.repository'",
  },
  {
    name: "git repository that is no URL",
    config: { ...minikube, airflow: { dags: { kind: "git", repository: "acme/dags" } } },
    key: "airflow.dags.repository",
    found: '"acme/dags"',
    allowed: "https://…, ssh://…",
    fix: "pulumi config set",
  },
  {
    name: "credentials in the repository's URL",
    config: { ...minikube, airflow: { dags: { kind: "git", repository: "https://me:token@example.org/dags" } } },
    key: "airflow.dags.repository",
    found: "credentials",
    allowed: "secrets.git.token",
    fix: "<host>/<path>",
  },
  {
    name: "git token that is not set",
    config: {
      ...minikube,
      airflow: { dags: { kind: "git", repository: "https://example.org/dags", authentication: "token" } },
    },
    key: "secrets.git.token",
    found: "nothing",
    allowed: "authentication is token",
    fix: "pulumi config set --secret --path 'secrets.git.token'",
  },
  {
    name: "SSH key without known hosts",
    config: {
      ...minikube,
      airflow: { dags: { kind: "git", repository: "git@example.org:dags", authentication: "sshKey" } },
      secrets: { git: { sshPrivateKey: "k" } },
    },
    key: "secrets.git.knownHosts",
    found: "nothing",
    allowed: "git refuses unknown hosts",
    fix: "--secret",
  },
  {
    name: "SSH key with an https repository",
    config: {
      ...minikube,
      airflow: { dags: { kind: "git", repository: "https://example.org/dags", authentication: "sshKey" } },
      secrets: { git: { sshPrivateKey: "k", knownHosts: "h" } },
    },
    key: "airflow.dags.authentication",
    found: '"sshKey"',
    allowed: "none or token",
    fix: "token",
  },
  {
    name: "SSH repository without a key",
    config: { ...minikube, airflow: { dags: { kind: "git", repository: "git@example.org:dags" } } },
    key: "airflow.dags.authentication",
    found: "nothing",
    allowed: "sshKey",
    fix: "sshKey",
  },
  {
    name: "hostPath that is relative",
    config: { ...minikube, airflow: { dags: { kind: "hostPath", path: "dags" } } },
    key: "airflow.dags.path",
    found: '"dags"',
    allowed: "an absolute path",
    fix: "pulumi config set",
  },
  {
    name: "hostPath on a cloud",
    config: { ...gke, airflow: { dags: { kind: "hostPath", path: "/dags" } } },
    key: "airflow.dags.kind",
    found: '"hostPath"',
    allowed: "git or image on gke",
    fix: "git",
  },
  {
    name: "image with the tag latest",
    config: { ...minikube, airflow: { image: "acme/airflow:latest" } },
    key: "airflow.image",
    found: "latest",
    allowed: "a tag of a single build",
    fix: "pulumi config set --path 'airflow.image'",
  },
  {
    name: "image without a tag",
    config: { ...minikube, airflow: { image: "registry.example.org:5000/airflow" } },
    key: "airflow.image",
    found: "airflow",
    allowed: "a tag of a single build",
    fix: "pulumi config set",
  },
  {
    name: "a server of MinIO without a tag",
    config: { ...minikube, minio: { image: "registry.example.org:5000/silo" } },
    key: "minio.image",
    found: "silo",
    allowed: "a tag of a single build",
    fix: "pulumi config set --path 'minio.image'",
  },
  {
    name: "imageTag latest",
    config: { ...minikube, imageTag: "latest" },
    key: "imageTag",
    found: '"latest"',
    allowed: "not latest, stable, 1 or 1.4",
    fix: "pulumi config set --path 'imageTag'",
  },
  ...["1", "v1.4", "stable", "main"].map((imageTag) => ({
    name: `imageTag ${imageTag}`,
    config: { ...minikube, imageTag },
    key: "imageTag",
    found: `"${imageTag}"`,
    allowed: "such as 1.4.2, team-42 or a commit",
    fix: "pulumi config set --path 'imageTag'",
  })),
  {
    name: "an image of a minor",
    config: { ...minikube, airflow: { image: "registry.example.org/airflow:3.3" } },
    key: "airflow.image",
    found: "airflow:3.3",
    allowed: "a digest or a tag of a single build",
    fix: "registry.example.org/airflow:1.0.0",
  },
  {
    name: "a laptop's registry on a cloud",
    config: { cluster: gke.cluster },
    key: "imageRegistry",
    found: "nothing",
    allowed: "make images",
    fix: "registry.example.org/mlops",
  },
  {
    name: "wrong type of a flag",
    config: { ...minikube, airflow: { highAvailability: "yes" } },
    key: "airflow.highAvailability",
    found: '"yes"',
    allowed: "true or false",
    fix: "pulumi config set",
  },
  {
    name: "wrong type of a number",
    config: { ...minikube, minio: { storageGiB: "20Gi" } },
    key: "minio.storageGiB",
    found: '"20Gi"',
    allowed: "a number",
    fix: "pulumi config set",
  },
  {
    name: "volume of no size",
    config: { ...minikube, minio: { storageGiB: 0 } },
    key: "minio.storageGiB",
    found: "0",
    allowed: "at least 1",
    fix: "pulumi config set",
  },
  {
    name: "memory in GB",
    config: { ...minikube, projects: [{ name: "a", quota: { memory: "2GB" } }] },
    key: "projects[0].quota.memory",
    found: '"2GB"',
    allowed: "512Mi or 2Gi",
    fix: "'projects[0].quota.memory'",
  },
  {
    name: "CPU with a unit",
    config: { ...minikube, projects: [{ name: "a", quota: { cpu: "2 cores" } }] },
    key: "projects[0].quota.cpu",
    found: '"2 cores"',
    allowed: "500m or 2",
    fix: "pulumi config set",
  },
  {
    name: "a CIDR that is none",
    config: { ...minikube, exposure: { kind: "loadBalancer", sourceRanges: ["10.0.0.1"] } },
    key: "exposure.sourceRanges[0]",
    found: '"10.0.0.1"',
    allowed: "a CIDR such as 203.0.113.0/24",
    fix: "'exposure.sourceRanges[0]'",
  },
  {
    name: "load balancer without ranges",
    config: { ...minikube, exposure: { kind: "loadBalancer" } },
    key: "exposure.sourceRanges",
    found: "nothing",
    allowed: "a list",
    fix: "Pulumi.<stack>.yaml",
  },
  {
    name: "load balancer with an empty list of ranges",
    config: { ...minikube, exposure: { kind: "loadBalancer", sourceRanges: [] } },
    key: "exposure.sourceRanges",
    found: "[]",
    allowed: "at least one CIDR",
    fix: "exposure.sourceRanges",
  },
  {
    name: "public plaintext",
    config: { ...minikube, exposure: { kind: "loadBalancer", sourceRanges: ["0.0.0.0/0"] } },
    key: "exposure.sourceRanges",
    found: "0.0.0.0/0",
    allowed: "allowPublicPlaintext",
    fix: "203.0.113.0/24",
  },
  {
    name: "ingress without a domain",
    config: { ...minikube, exposure: { kind: "ingress", tlsSecretName: "tls" } },
    key: "exposure.domain",
    found: "nothing",
    allowed: "the parent domain of the UIs' hosts",
    fix: "pulumi config set",
  },
  {
    name: "ingress with a domain that is none",
    config: { ...minikube, exposure: { kind: "ingress", domain: "https://ml", tlsSecretName: "tls" } },
    key: "exposure.domain",
    found: '"https://ml"',
    allowed: "ml.example.org",
    fix: "pulumi config set",
  },
  {
    name: "ingress without TLS",
    config: { ...minikube, exposure: { kind: "ingress", domain: "ml.example.org" } },
    key: "exposure.tlsSecretName",
    found: "nothing",
    allowed: "certificate",
    fix: "platform-tls",
  },
  {
    name: "node port out of range",
    config: { ...minikube, exposure: { kind: "nodePort", ports: { airflow: 8080 } } },
    key: "exposure.ports.airflow",
    found: "8080",
    allowed: "at least 30000",
    fix: "pulumi config set",
  },
  {
    name: "the node port that another UI has by default",
    config: { ...minikube, exposure: { kind: "nodePort", ports: { airflow: 30050 } } },
    key: "exposure.ports",
    found: '{"airflow":30050}',
    allowed: "a different port",
    fix: "pulumi config set --path 'exposure.ports'",
  },
  {
    name: "one node port for two UIs",
    config: { ...minikube, exposure: { kind: "nodePort", ports: { airflow: 30000, mlflow: 30000 } } },
    key: "exposure.ports",
    found: "30000",
    allowed: "a different port",
    fix: "pulumi config set",
  },
  {
    name: "node ports on a cloud",
    config: { ...gke, exposure: { kind: "nodePort" } },
    key: "exposure.kind",
    found: '"nodePort"',
    allowed: "portForward, loadBalancer, ingress or gateway",
    fix: "portForward",
  },
  {
    name: "cluster and external Postgres at once",
    config: { ...minikube, postgres: { kind: "cluster", host: "db.example.org" } },
    key: "postgres.host",
    found: '"db.example.org"',
    allowed: "no such key",
    fix: "pulumi config rm --path 'postgres.host'",
  },
  {
    name: "external Postgres without password",
    config: { ...minikube, postgres: { kind: "external", host: "db", caCertificate: "-----BEGIN CERTIFICATE-----" } },
    key: "secrets.postgres.adminPassword",
    found: "nothing",
    allowed: "postgres.kind is external",
    fix: "--secret",
  },
  {
    name: "external Postgres without its authority",
    config: { ...minikube, postgres: { kind: "external", host: "db" }, secrets: { postgres: { adminPassword: "x" } } },
    key: "postgres.caCertificate",
    found: "nothing",
    allowed: "a string",
    fix: "pulumi config set",
  },
  {
    name: "a prefix of Postgres that is no identifier",
    config: { ...minikube, postgres: { kind: "cluster", prefix: "Staging-" } },
    key: "postgres.prefix",
    found: '"Staging-"',
    allowed: "at most 15 characters of a-z, 0-9 and _, starting with a letter",
    fix: "pulumi config set",
  },
  {
    name: "a prefix that Postgres keeps for itself",
    config: { ...minikube, postgres: { kind: "cluster", prefix: "pg_" } },
    key: "postgres.prefix",
    found: '"pg_"',
    allowed: "not pg_, which Postgres reserves",
    fix: "pulumi config set",
  },
  {
    name: "a prefix that makes a role of the server's of a project",
    config: { ...minikube, postgres: { kind: "cluster", prefix: "cloudsql" }, projects: [{ name: "superuser" }] },
    key: "projects[0].name",
    found: '"superuser"',
    allowed: "a name that no namespace or role of the platform uses",
    fix: "<other>",
  },
  {
    name: "an extension with a version",
    config: { ...minikube, postgres: { kind: "cluster", extensions: ["pg_trgm 1.6"] } },
    key: "postgres.extensions[0]",
    found: '"pg_trgm 1.6"',
    allowed: "the name of an extension, such as pg_trgm",
    fix: "pulumi config set",
  },
  {
    name: "managed Postgres on minikube",
    config: { ...minikube, postgres: { kind: "managed" } },
    key: "postgres.kind",
    found: '"managed"',
    allowed: "cluster or external on minikube",
    fix: "cluster",
  },
  {
    name: "no MinIO where there is no bucket",
    config: { ...minikube, minio: { enabled: false } },
    key: "s3.endpoint",
    found: "nothing",
    allowed: "no bucket of its own",
    fix: "https://s3.example.org",
  },
  {
    name: "artifacts in a cloud that is not there",
    config: { ...minikube, mlflow: { artifactStore: "cloud" } },
    key: "mlflow.artifactStore",
    found: '"cloud"',
    allowed: "minio",
    fix: "minio",
  },
  {
    name: "artifacts in a MinIO that is off",
    config: { ...gke, minio: { enabled: false }, mlflow: { artifactStore: "minio" } },
    key: "mlflow.artifactStore",
    found: '"minio"',
    allowed: "cloud",
    fix: "cloud",
  },
  {
    name: "project twice",
    config: { ...minikube, projects: [{ name: "a" }, { name: "a" }] },
    key: "projects[1].name",
    found: '"a"',
    allowed: "no other project",
    fix: "'projects[1].name'",
  },
  {
    name: "project with a name of the platform",
    config: { ...minikube, projects: [{ name: "mlops" }] },
    key: "projects[0].name",
    found: '"mlops"',
    allowed: "no namespace or role",
    fix: "pulumi config set",
  },
  {
    name: "project in the platform's namespace by a prefix",
    config: { ...minikube, namespace: "staging-ml", projectNamespacePrefix: "staging-", projects: [{ name: "ml" }] },
    key: "projects[0].name",
    found: '"ml"',
    allowed: "with or without the prefix staging-",
    fix: "<other>",
  },
  {
    name: "project in a namespace of Kubernetes by a prefix",
    config: { ...minikube, projectNamespacePrefix: "kube-", projects: [{ name: "system" }] },
    key: "projects[0].name",
    found: '"system"',
    allowed: "with or without the prefix kube-",
    fix: "<other>",
  },
  {
    name: "prefix that leaves a project no room",
    config: { ...minikube, projectNamespacePrefix: "a-prefix-of-24-characters".slice(0, 24) },
    key: "projectNamespacePrefix",
    found: '"a-prefix-of-24-character"',
    allowed: "at most 23 characters of a-z",
    fix: "pulumi config set",
  },
  {
    name: "prefix that begins with a digit",
    config: { ...minikube, projectNamespacePrefix: "2-" },
    key: "projectNamespacePrefix",
    found: '"2-"',
    allowed: "starting with a letter",
    fix: "pulumi config set",
  },
  {
    name: "project with a name that is no label",
    config: { ...minikube, projects: [{ name: "Page_Views" }] },
    key: "projects[0].name",
    found: '"Page_Views"',
    allowed: "a-z, 0-9 and -",
    fix: "pulumi config set",
  },
  {
    name: "project entry that is no variable",
    config: { ...minikube, projects: [{ name: "a", config: { "my-key": "x" } }] },
    key: "my-key",
    found: '"my-key"',
    allowed: "environment variable",
    fix: "pulumi config rm",
  },
  {
    name: "secrets of no project",
    config: { ...minikube, secrets: { projects: { b: { KEY: "v" } } } },
    key: "secrets.projects.b",
    found: "projects does not list",
    allowed: "nothing, since projects is empty",
    fix: "pulumi config rm",
  },
  {
    name: "platform layer without its cluster's stack",
    config: { ...gke, layers: ["platform"] },
    key: "clusterStack",
    found: "nothing",
    allowed: "the stack that created the cluster",
    fix: "organization/mlops/gke-cluster",
  },
  {
    name: "a cluster's stack with both layers",
    config: { ...gke, clusterStack: "organization/mlops/c" },
    key: "clusterStack",
    found: "organization",
    allowed: "no value unless",
    fix: "rm --path 'clusterStack'",
  },
  {
    name: "unknown layer",
    config: { ...minikube, layers: ["network"] },
    key: "layers[0]",
    found: '"network"',
    allowed: "cluster, platform",
    fix: "'layers[0]'",
  },
  {
    name: "no layer",
    config: { ...minikube, layers: [] },
    key: "layers",
    found: "[]",
    allowed: "cluster, platform or both",
    fix: "layers",
  },
  {
    name: "fewest nodes above most",
    config: { imageRegistry, cluster: { ...gke.cluster, nodes: { minCount: 4, maxCount: 3 } } },
    key: "cluster.nodes.minCount",
    found: "4",
    allowed: "at most cluster.nodes.maxCount",
    fix: "1",
  },
  {
    name: "layers of a cluster that the program does not make",
    config: { ...minikube, layers: ["platform"] },
    key: "layers",
    found: '["platform"]',
    allowed: "cluster and platform on minikube",
    fix: "pulumi config rm --path 'layers'",
  },
  {
    name: "a cluster's stack without its organization",
    config: { ...gke, layers: ["platform"], clusterStack: "gke-cluster" },
    key: "clusterStack",
    found: '"gke-cluster"',
    allowed: "organization/project/stack",
    fix: "organization/mlops/gke-cluster",
  },
  {
    name: "an ingress class of one's own without a certificate",
    config: { ...gke, exposure: { kind: "ingress", domain: "ml.example.org", className: "nginx" } },
    key: "exposure.tlsSecretName",
    found: "nothing",
    allowed: "the Secret that holds the certificate; gke with your own ingress class requires one",
    fix: "platform-tls",
  },
  {
    name: "a label that Kubernetes does not take",
    config: { ...minikube, labels: { team: "ML Platform" } },
    key: "labels.team",
    found: '"ML Platform"',
    allowed: "at most 63 letters, digits",
    fix: "labels.team",
  },
  {
    name: "a project with the name of the cloud's administrator",
    config: { ...minikube, projects: [{ name: "mlops-admin" }] },
    key: "projects[0].name",
    found: '"mlops-admin"',
    allowed: "a name that no namespace or role of the platform uses",
    fix: "<other>",
  },
  {
    name: "load balancers for half of the world",
    config: { ...gke, exposure: { kind: "loadBalancer", sourceRanges: ["128.0.0.0/1"] } },
    key: "exposure.sourceRanges",
    found: '["128.0.0.0/1"]',
    allowed: "ranges of your own network",
    fix: "203.0.113.0/24",
  },
  {
    name: "a VPC's range with host bits",
    config: { ...eks, cluster: { ...eks.cluster, network: { cidr: "10.10.0.1/16" } } },
    key: "cluster.network.cidr",
    found: '"10.10.0.1/16"',
    allowed: "10.10.0.0/16",
    fix: "cluster.network.cidr",
  },
  {
    name: "logs on a volume of one node",
    config: { ...gke, airflow: { logs: { kind: "volume" } } },
    key: "airflow.logs.storageClass",
    found: "nothing",
    allowed: "ReadWriteMany",
    fix: "shared",
  },
  {
    name: "Fernet key that is in use and retired",
    config: { ...minikube, rotation: { fernet: 2, fernetRetired: 2 } },
    key: "rotation.fernetRetired",
    found: "2",
    allowed: "below rotation.fernet, which is 2",
    fix: "pulumi config rm",
  },
  {
    name: "generation of no component",
    config: { ...minikube, rotation: { spark: 2 } },
    key: "rotation.spark",
    found: "2",
    allowed: "no such key",
    fix: "pulumi config rm",
  },
  {
    name: "e-mail that is none",
    config: { ...minikube, airflow: { adminEmail: "me" } },
    key: "airflow.adminEmail",
    found: '"me"',
    allowed: "e-mail",
    fix: "pulumi config set",
  },
  {
    name: "a backup's schedule of four fields",
    config: { ...minikube, backup: { schedule: "17 2 * *" } },
    key: "backup.schedule",
    found: '"17 2 * *"',
    allowed: "a cron schedule of five fields",
    fix: "pulumi config set --path 'backup.schedule'",
  },
  {
    name: "a backup's recipient with a letter mistyped",
    config: {
      ...minikube,
      backup: { recipient: "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7g" },
    },
    key: "backup.recipient",
    found: "age14357p7",
    allowed: "an age public key",
    fix: "pulumi config set --path 'backup.recipient'",
  },
  {
    name: "backups that are kept for no day",
    config: { ...minikube, backup: { retentionDays: 0 } },
    key: "backup.retentionDays",
    found: "0",
    allowed: "at least 1",
    fix: "'backup.retentionDays'",
  },
  {
    name: "a project with the name of the backup's identity",
    config: { ...minikube, projects: [{ name: "backup" }] },
    key: "projects[0].name",
    found: '"backup"',
    allowed: "no namespace or role",
    fix: "<other>",
  },
  {
    name: "EKS without a region",
    config: { imageRegistry, cluster: { kind: "eks" } },
    key: "cluster.region",
    found: "nothing",
    allowed: "a string",
    fix: "pulumi config set --path 'cluster.region'",
  },
];

function problemsOf(config: Record<string, unknown>): ConfigError {
  try {
    validate(config);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the configuration was accepted" });
}

describe("a configuration that is wrong", () => {
  for (const { name, config, key, found, allowed, fix } of bad) {
    it(`${name}: names ${key} and the fix`, () => {
      const { problems } = problemsOf(config);
      const problem = problems.find((candidate) => candidate.key.includes(key));
      assert.ok(problem, JSON.stringify(problems, null, 2));
      assert.ok(problem.found.includes(found), `found: ${problem.found}`);
      assert.ok(problem.allowed.includes(allowed), `allowed: ${problem.allowed}`);
      assert.ok(problem.fix.includes(fix), `fix: ${problem.fix}`);
    });
  }

  it("shows every problem at once, each with its fix, and no stack trace", () => {
    const { problems, message, stack } = problemsOf({
      ...eks,
      airflow: { executor: "X", highAvailability: 1 },
      minio: { storageGiB: 0 },
      nothing: true,
      exposure: { kind: "loadBalancer", sourceRanges: ["0.0.0.0/0"] },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      "airflow.executor",
      "airflow.highAvailability",
      "exposure.sourceRanges",
      "minio.storageGiB",
      "nothing",
    ]);
    assert.equal(message.split("\n").length, 1 + 2 * problems.length);
    assert.doesNotMatch(stack ?? "", /^\s+at /m);
    assert.ok(pulumi.RunError.isInstance(problemsOf({})));
  });

  it("shows broken rules beside keys that the schema refuses, in the same section too", () => {
    const { problems } = problemsOf({
      imageRegistry,
      cluster: { kind: "eks", nodes: { minCount: 5, diskSizeGiB: 1 }, network: { cidr: "office" }, unknown: 1 },
      exposure: { kind: "nodePort", ports: { airflow: 1, mlflow: 30090 } },
      projects: [{ name: "A" }, { name: "airflow" }],
      secrets: { projects: 1 },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      "cluster.network.cidr",
      "cluster.nodes.diskSizeGiB",
      "cluster.nodes.minCount",
      "cluster.region",
      "cluster.unknown",
      "exposure.kind",
      "exposure.ports.airflow",
      "projects[0].name",
      "projects[1].name",
      "secrets.projects",
    ]);
  });

  it("never shows a secret's value", () => {
    const { message } = problemsOf({ ...minikube, secrets: { git: { token: 42, other: "hunter2" } } });
    assert.match(message, /secrets\.git\.token/);
    assert.doesNotMatch(message, /hunter2|42/);
  });

  it("refuses secrets in plain text", () => {
    const plain = () => validate({ ...minikube, secrets: { git: { token: "x" } } }, () => false);
    assert.throws(plain, /secrets: found values in plain text; allowed: encrypted values/);
  });
});

describe("a configuration that is right", () => {
  it("needs nothing but the kind of cluster, and gets that kind's defaults", () => {
    const config = validate(minikube);
    assert.deepEqual(config.cluster, { kind: "minikube", context: "minikube", imageDigests: false });
    assert.deepEqual(config.postgres, { kind: "cluster", storageGiB: 20, prefix: "", extensions: [] });
    assert.equal(config.exposure.kind, "nodePort");
    assert.equal(config.airflow.executor, "KubernetesExecutor");
  });

  it("takes a backup's schedule in each way that a CronJob does", () => {
    for (const schedule of ["@daily", "0 2 ? * *", "17  2 * * 1-5"]) {
      assert.equal(validate({ ...minikube, backup: { schedule } }).backup.schedule, schedule);
    }
  });

  it("lets a project's longest name follow the longest prefix", () => {
    const prefix = `${"p".repeat(22)}-`;
    const name = "n".repeat(40);
    const { projectNamespacePrefix, projects } = validate({
      ...minikube,
      projectNamespacePrefix: prefix,
      projects: [{ name }],
    });
    assert.equal(`${projectNamespacePrefix}${projects[0]?.name}`.length, 63);
  });

  it("lets two platforms' projects be called what the other's namespace is called", () => {
    validate({ ...minikube, projectNamespacePrefix: "staging-", projects: [{ name: "mlops" }] });
  });

  it("gives the clouds a managed Postgres and exposes nothing", () => {
    for (const cloud of [gke, eks]) {
      const config = validate(cloud);
      assert.equal(config.postgres.kind, "managed");
      assert.equal(config.exposure.kind, "portForward");
    }
  });

  it("keeps project secrets marked secret, their names plain", async () => {
    const config = validate({ ...minikube, projects: [{ name: "a" }], secrets: { projects: { a: { TOKEN: "t" } } } });
    assert.deepEqual(config.secrets.projectKeys, { a: ["TOKEN"] });
    const value = config.secrets.project("a", "TOKEN");
    assert.equal(await pulumi.isSecret(value), true);
  });
});
