import { platformLabel } from "../../components/ownership/platform-sign.ts";
import { queryKubectl as run, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { at, isObject } from "../../lib/json.ts";
import { noPlatform, unanswered } from "../platform/no-platform.ts";
import type { Project, Snapshot } from "./check.ts";
import type { Namespace } from "../../lib/kubernetes/api.ts";
import {
  type ClusterObjects,
  type Kind,
  kinds,
  type NamespacedObjects,
  type Objects,
  signOf,
  type SystemObjects,
} from "./objects.ts";

/** Something that could not be read. */
interface Unread {
  kind: Kind;
  /** Undefined: the whole cluster. */
  namespace: string | undefined;
  reason: string;
}

/** Everything that the checks look at, and what could not be read of it. */
export interface ClusterSnapshot {
  snapshot: Snapshot;
  unread: Unread[];
}

const namespaced: (keyof NamespacedObjects)[] = [
  "pods",
  "events",
  "jobs",
  "cronjobs",
  "deployments",
  "persistentvolumeclaims",
  "services",
  "ingresses",
  "resourcequotas",
  "configmaps",
  "secrets",
  "serviceaccounts",
  "networkpolicies",
];
const clusterWide: (keyof ClusterObjects)[] = ["namespaces", "nodes", "storageclasses"];

const ofSystem: (keyof SystemObjects)[] = ["endpointslices"];
/** Where a cluster has its API server's Service, and where distributions have their DNS. */
const systemNamespaces = ["default", "kube-system", "openshift-dns"];

/** Labels of the platform's objects. */
const partLabel = ["app.kubernetes.io/part-of", "mlops"] as const;

/**
 * Reads the platform's namespace, those of its projects, and those of the platform that are going.
 *
 * @throws where the cluster does not answer, and where the namespace holds no platform
 */
export async function readCluster(target: KubectlTarget, now: Date): Promise<ClusterSnapshot> {
  const [own, cluster] = await Promise.all([read(target, namespaced), read(target, clusterWide)]);
  const unreachable = [own, cluster].flatMap(({ errors }) => errors).find(isUnreachable);
  if (unreachable !== undefined) throw unanswered(target, new Error(unreachable));
  const namespaces = objectsOf(cluster.items, "namespaces");
  const going = namespaces.filter(isGoingOf(target.namespace, namespaces)).map(({ metadata }) => metadata.name);
  requirePlatform(target, own, going);
  const projects = projectsOf(objectsOf(own.items, "configmaps"));
  const others = new Set([...projects.map(({ namespace }) => namespace), ...going]);
  others.delete(target.namespace);
  const beside = await Promise.all([...others].map((namespace) => read({ ...target, namespace }, namespaced)));
  const system = await Promise.all(systemNamespaces.map((namespace) => read({ ...target, namespace }, ofSystem)));
  const parts = [own, cluster, ...beside, ...system];
  const items = parts.flatMap((part) => part.items);
  return { snapshot: snapshotOf(items, target.namespace, now), unread: parts.flatMap(({ unread }) => unread) };
}

/** What checks look at, of objects as kubectl lists them. */
export function snapshotOf(items: unknown[], platform: string, now: Date): Snapshot {
  const of = <K extends Kind>(kind: K) => objectsOf(items, kind);
  return { platform, projects: projectsOf(of("configmaps")), now, of };
}

interface Part {
  items: unknown[];
  unread: Unread[];
  errors: string[];
}

/** One call for all kinds: kubectl prints what it may read and names the rest on its standard error. */
async function read(target: KubectlTarget, wanted: Kind[]): Promise<Part> {
  const args = ["get", wanted.join(","), "--output", "json", "--request-timeout=20s"];
  const { ok, stdout, stderr } = await run(target, args);
  const errors = ok ? [] : errorsOf(stderr);
  const namespace = wanted === clusterWide ? undefined : target.namespace;
  const unread = errors.flatMap((reason) => kindsOf(reason, wanted).map((kind) => ({ kind, namespace, reason })));
  return { items: itemsOf(stdout), unread, errors };
}

function itemsOf(stdout: string): unknown[] {
  const parsed = parseJson(stdout);
  return isObject(parsed) && Array.isArray(parsed.items) ? parsed.items : [];
}

function objectsOf<K extends Kind>(items: unknown[], kind: K): Objects[K][] {
  return items.filter((item): item is Objects[K] => isObject(item) && item.kind === kinds[kind]);
}

/** The same error once for each kind is one error. */
function errorsOf(stderr: string): string[] {
  const lines = stderr.split("\n").map((line) => line.replace(/^(error: |Error from server( \(\w+\))?: )/, "").trim());
  return [...new Set(lines.filter((line) => line !== "" && !/^[EW]\d{4} |^Warning:/.test(line)))];
}

/** Kinds that an error speaks of; all that were asked for where it names none. */
function kindsOf(error: string, wanted: Kind[]): Kind[] {
  const [, resource] = /resource "(\w+)"/.exec(error) ?? [];
  const named = wanted.filter((kind) => kind === resource);
  return named.length > 0 ? named : wanted;
}

function isUnreachable(error: string): boolean {
  return /Unable to connect|was refused|no such host|i\/o timeout|TLS handshake|does not exist|no configuration|no answer|logged in|Unauthorized|deadline exceeded|couldn't get current server/i.test(
    error,
  );
}

/**
 * Whether a namespace is going and may be this platform's: another platform's sign tells that it is not.
 *
 * @param platform the platform's own namespace
 */
export function isGoingOf(platform: string, namespaces: readonly Namespace[]): (namespace: Namespace) => boolean {
  const [label, value] = partLabel;
  const id = signOf(platform, namespaces);
  return ({ metadata: { name, labels, deletionTimestamp } }) => {
    const sign = labels?.[platformLabel];
    const isOthers = id !== undefined && sign !== undefined && sign !== id;
    return deletionTimestamp !== undefined && (name === platform || (labels?.[label] === value && !isOthers));
  };
}

function requirePlatform(target: KubectlTarget, { items, unread }: Part, going: string[]): void {
  const [label, value] = partLabel;
  const isPlatform = objectsOf(items, "configmaps").some(({ metadata }) => metadata.labels?.[label] === value);
  if (isPlatform || going.includes(target.namespace)) return;
  const [refused] = unread.filter(({ kind }) => kind === "configmaps");
  throw refused === undefined ? noPlatform(target) : unanswered(target, new Error(refused.reason));
}

/** In a project of platform.json. */
const requestsPath = "pod.spec.containers.0.resources.requests";

/** Of platform.json, which is there before Airflow is. */
function projectsOf(maps: Objects["configmaps"][]): Project[] {
  const text = maps.find(({ data }) => data?.["platform.json"] !== undefined)?.data?.["platform.json"];
  const parsed = parseJson(text ?? "");
  if (!isObject(parsed) || !isObject(parsed.projects)) return [];
  return Object.entries(parsed.projects).map(([name, project]) => {
    const { namespace = name } = project as { namespace?: string };
    return { name, namespace, requests: { ...(at(project, requestsPath) as object | undefined) } };
  });
}

/** Undefined for invalid JSON: the doctor continues with the rest. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
