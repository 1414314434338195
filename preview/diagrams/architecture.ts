import type { Peer } from "../../components/network/network-table.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { RegisteredObject, Rendering } from "../render.ts";
import { connectionsOf } from "./connections.ts";

/** A box of the picture: pods that belong together, or what is outside of the namespaces. */
export type BoxName =
  "airflow" | "backup" | "grafana" | "kubernetes" | "minio" | "mlflow" | "postgres" | "projects" | "prometheus";

export interface Box {
  name: BoxName;
  title: string;
  /** What runs in it. */
  parts: string[];
  /** What takes its place in other stacks, e.g. `gke: Cloud SQL`. */
  elsewhere: string[];
  /** How it is reached from outside, e.g. `web UI 8080`. */
  marks: string[];
}

/** `connects` opens a connection to `ports`; `starts` makes pods through the API server. */
export type Arrow = { from: BoxName; to: BoxName } & ({ kind: "connects"; ports: number[] } | { kind: "starts" });

export interface Architecture {
  stack: string;
  /** Name of the platform's namespace. */
  platform: string;
  boxes: Box[];
  arrows: Arrow[];
}

/** Where each group of pods is drawn, and as what. */
const drawnAs: Record<Peer, [BoxName, string]> = {
  airflowApiServer: ["airflow", "API server"],
  airflowScheduler: ["airflow", "scheduler"],
  airflowDagProcessor: ["airflow", "DAG processor"],
  airflowTriggerer: ["airflow", "triggerer"],
  airflowWorker: ["airflow", "worker pods"],
  airflowRedis: ["airflow", "Redis"],
  airflowStatsd: ["airflow", "StatsD exporter"],
  airflowMigration: ["airflow", "Job: schema"],
  airflowCreateUser: ["airflow", "Job: first user"],
  postgres: ["postgres", "server"],
  postgresExporter: ["postgres", "exporter"],
  databases: ["postgres", "Job: roles, databases"],
  minio: ["minio", "server"],
  minioProvision: ["minio", "Job: buckets, users"],
  mlflow: ["mlflow", "server"],
  mlflowSetup: ["mlflow", "Job: schema"],
  mlflowProvision: ["mlflow", "Job: users"],
  prometheus: ["prometheus", "server"],
  alertmanager: ["prometheus", "Alertmanager"],
  kubeStateMetrics: ["prometheus", "kube-state-metrics"],
  grafana: ["grafana", "dashboards"],
  backup: ["backup", "CronJob"],
  tasks: ["projects", "task pods"],
};

const titles: Record<BoxName, string> = {
  airflow: "Airflow",
  backup: "Backup",
  grafana: "Grafana",
  kubernetes: "Kubernetes API, kubelets",
  minio: "MinIO",
  mlflow: "MLflow",
  postgres: "Postgres",
  projects: "A namespace per project",
  prometheus: "Prometheus",
};

/** Services of the clouds that take the place of a box. */
const services: Record<string, [BoxName, string]> = {
  "gcp:sql/databaseInstance:DatabaseInstance": ["postgres", "Cloud SQL"],
  "aws:rds/instance:Instance": ["postgres", "RDS"],
  "gcp:storage/bucket:Bucket": ["minio", "Cloud Storage"],
  "aws:s3/bucket:Bucket": ["minio", "S3"],
};

const anywhere = "0.0.0.0/0";
/** Of a kubelet. */
export const kubeletPort = 10250;
/** Of kubeadm's API server, and of a kubelet: nothing else outside of pods has them. */
const clusterPorts = [6443, kubeletPort];

/**
 * The platform of a stack.
 *
 * @param platform one whose data stores run in its cluster
 * @param others stacks that may keep their data in a service of a cloud
 */
export function architectureOf({ stack, objects }: Rendering, others: readonly Rendering[]): Architecture {
  const { flows, outbound, inbound } = connectionsOf(objects);
  const seen = new Set<Peer>([...flows.flatMap(({ from, to }) => [from, to]), ...outbound.map(({ from }) => from)]);
  const drawn = (Object.keys(drawnAs) as Peer[]).filter((peer) => seen.has(peer));
  const boxOf = (peer: Peer) => drawnAs[peer][0];
  const isScrape = (from: Peer) => from === "prometheus";
  const toCluster = outbound.filter(({ ports }) => ports.some((port) => clusterPorts.includes(port)));

  const marksOf = (box: BoxName) => [
    ...inbound.filter(({ to }) => boxOf(to) === box).map(({ port }) => `web UI ${port}`),
    ...(flows.some(({ from, to }) => isScrape(from) && boxOf(to) === box) ? ["metrics"] : []),
    ...(outbound.some(({ from, cidr, ports }) => boxOf(from) === box && cidr === anywhere && ports.join() === "443")
      ? ["internet 443"]
      : []),
  ];
  const names = [...new Set<BoxName>([...drawn.map(boxOf), "kubernetes"])];
  return {
    stack: stack.stack,
    platform: platformOf(objects),
    boxes: names.map((name) => ({
      name,
      title: name === "projects" ? `${titles[name]}: ${projectsOf(objects).join(", ")}` : titles[name],
      parts: [
        ...drawn.filter((peer) => boxOf(peer) === name).map(labelOf),
        ...(name === "projects" ? kindsIn(objects) : []),
      ],
      elsewhere: others.flatMap((other) => elsewhere(name, other)),
      marks: marksOf(name),
    })),
    arrows: merged([
      ...flows
        .filter(({ from, to }) => boxOf(from) !== boxOf(to) && !isScrape(from))
        .map(({ from, to, ports }) => ({ from: boxOf(from), to: boxOf(to), ports })),
      ...toCluster.map(({ from, ports }) => ({ from: boxOf(from), to: "kubernetes" as const, ports })),
    ]).concat(launches(objects) ? [{ kind: "starts", from: "airflow", to: "projects" }] : []),
  };
}

function labelOf(peer: Peer): string {
  return drawnAs[peer][1];
}

function elsewhere(name: BoxName, { stack, resources }: Rendering): string[] {
  const used = resources.flatMap(({ type }) => (services[type]?.[0] === name ? [services[type][1]] : []));
  return [...new Set(used)].map((service) => `${stack.stack}: ${service}`);
}

/** One arrow for each pair of boxes. */
function merged(all: { from: BoxName; to: BoxName; ports: number[] }[]): Arrow[] {
  const pairs = [...new Set(all.map(({ from, to }) => `${from} ${to}`))].toSorted();
  return pairs.map((pair) => {
    const same = all.filter(({ from, to }) => `${from} ${to}` === pair);
    const ports = [...new Set(same.flatMap((one) => one.ports))].toSorted((a, b) => a - b);
    const [from, to] = pair.split(" ") as [BoxName, BoxName];
    return { kind: "connects", from, to, ports };
  });
}

function platformOf(objects: readonly RegisteredObject[]): string {
  return namespacesOf(objects, "platform")[0] ?? "platform";
}

function projectsOf(objects: readonly RegisteredObject[]): string[] {
  return namespacesOf(objects, "project");
}

function namespacesOf(objects: readonly RegisteredObject[], component: string): string[] {
  return objects
    .filter(({ object }) => object.kind === "Namespace" && componentOf(object) === component)
    .map(({ object }) => object.metadata.name)
    .toSorted();
}

function componentOf({ metadata }: RegisteredObject["object"]): unknown {
  return isObject(metadata.labels) ? metadata.labels["app.kubernetes.io/component"] : undefined;
}

/** Kinds of objects that a project's namespace has. */
function kindsIn(objects: readonly RegisteredObject[]): string[] {
  const [project] = projectsOf(objects);
  const own = objects.filter(({ object }) => object.metadata.namespace === project);
  return [...new Set(own.map(({ object }) => object.kind))].toSorted();
}

/** Whether an account of the platform may do something in a project's namespace as Airflow's launcher. */
function launches(objects: readonly RegisteredObject[]): boolean {
  return objects.some(
    ({ object }) =>
      object.kind === "RoleBinding" &&
      listAt(object, "subjects").some(
        (subject) =>
          textAt(subject, "name") === "airflow-worker" && at(subject, "namespace") !== object.metadata.namespace,
      ),
  );
}
