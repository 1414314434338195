import { resourceOf } from "../../components/cluster/kinds.ts";
import { type PartName, partOf, parts, type PodGroupName, podGroupNames, podGroups } from "../../components/parts.ts";
import type { Peer } from "../../components/network/egress.ts";
import { prefixOf } from "../../lib/cidr.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { RegisteredObject, Rendering } from "../render.ts";
import { connectionsOf } from "./connections.ts";

/** A box of the diagram: a group of pods, or a service outside the namespaces. */
export type BoxName = PartName | "kubernetes";

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

const isAnywhere = (to: Peer) => to !== "nodes" && "cidr" in to && prefixOf(to.cidr) === 0;

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
  const seen = new Set<PodGroupName>([
    ...flows.flatMap(({ from, to }) => [from, to]),
    ...outbound.map(({ from }) => from),
  ]);
  const shown = podGroupNames.filter((peer) => seen.has(peer));
  const boxOf = (group: PodGroupName) => partOf[group];
  const isScrape = (from: PodGroupName) => podGroups[from].collectsMetrics === true;
  const toCluster = outbound.filter(({ ports }) => ports.some((port) => clusterPorts.includes(port)));

  const marksOf = (box: BoxName) => [
    ...inbound
      .filter(({ to, namespace }) => boxOf(to) === box && namespace === undefined)
      .map(({ port }) => `web UI ${port}`),
    ...(flows.some(({ from, to }) => isScrape(from) && boxOf(to) === box) ||
    inbound.some(({ to, namespace }) => boxOf(to) === box && namespace !== undefined)
      ? ["metrics"]
      : []),
    ...(outbound.some(({ from, to, ports }) => boxOf(from) === box && isAnywhere(to) && ports.join() === "443")
      ? ["internet 443"]
      : []),
  ];
  const names = [...new Set<BoxName>([...shown.map(boxOf), "kubernetes"])];
  return {
    stack: stack.stack,
    platform: platformOf(objects),
    boxes: names.map((name) => ({
      name,
      title: titleOf(name, objects),
      parts: [
        ...shown.filter((peer) => boxOf(peer) === name).map((group) => podGroups[group].diagramLabel),
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

function titleOf(name: BoxName, objects: readonly RegisteredObject[]): string {
  if (name === "kubernetes") return "Kubernetes API, kubelets";
  const { title } = parts[name].picture;
  return name === "projects" ? `${title}: ${projectsOf(objects).join(", ")}` : title;
}

function elsewhere(name: BoxName, { stack, resources }: Rendering): string[] {
  const services = resources
    .map((resource) => resourceOf(resource)?.replaces)
    .filter((service) => service !== undefined);
  const used = services.filter(({ part }) => part === name).map((service) => service.name);
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
