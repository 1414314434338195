import type { z } from "zod";
import { eksKind } from "./eks/data/kind.ts";
import { existingKind } from "./existing/data/kind.ts";
import { gkeKind } from "./gke/data/kind.ts";
import type { Cloud, CloudKind, CloudResource, ClusterKind, SpotMarks } from "./kind.ts";
import { minikubeKind } from "./minikube/data/kind.ts";
import { nodeMarks } from "./node-marks.ts";
import type { PodRequests } from "../../lib/kubernetes/pod-requests.ts";

/** The kinds that the program makes in a cloud; create.ts has a constructor of each. */
const cloudKinds = { gke: gkeKind, eks: eksKind } satisfies Record<string, CloudKind>;

type CloudKinds = typeof cloudKinds;
export type CloudKindName = keyof CloudKinds;

/** What a stack writes below `cluster.identity`, by the cloud's kind. */
export type IdentityOf<K extends CloudKindName> = z.output<CloudKinds[K]["cloud"]["identity"]>;

const identities = Object.values<CloudKinds[CloudKindName]>(cloudKinds).map(({ cloud }) => cloud.identity);

/** Every kind of cluster. */
const kinds = {
  minikube: minikubeKind,
  existing: existingKind(identities),
  ...cloudKinds,
} satisfies Record<string, ClusterKind>;

type Kinds = typeof kinds;
export type KindName = keyof Kinds;
export const kindNames = Object.keys(kinds);

/** The settings of a kind, with every default. */
export type ConfigOf<K extends KindName> = z.output<Kinds[K]["schema"]>;

/** The settings of a cluster; `kind` tells which. */
export type ClusterConfig = { [K in KindName]: ConfigOf<K> }[KindName];

/** Whether a text names a kind. */
export function isKind(text: string): text is KindName {
  return Object.hasOwn(kinds, text);
}

/** What is known of a cluster's kind. */
export function kindOf({ kind }: Pick<ClusterConfig, "kind">): ClusterKind {
  return kinds[kind];
}

/** Every cloud that the program knows, by the kind of its clusters. */
export const cloudsByKind: Readonly<Record<string, Cloud>> = Object.fromEntries(
  Object.entries<CloudKind>(cloudKinds).map(([name, { cloud }]) => [name, cloud]),
);
export const clouds = Object.values(cloudsByKind);

/** What the policy knows of a cloud's resource; undefined: nothing. */
export function resourceOf({ type }: { type: string }): CloudResource | undefined {
  return clouds.find(({ provider }) => type.startsWith(`${provider}:`))?.resources[type];
}

/** The cloud that a cluster is made in; undefined: it exists, and a context of a kubeconfig leads to it. */
export function cloudOf({ kind }: { kind?: unknown }): Cloud | undefined {
  return typeof kind === "string" && Object.hasOwn(cloudsByKind, kind) ? cloudsByKind[kind] : undefined;
}

/** What a cluster asks of each pod's requests; undefined: nothing. */
export function podRequestsOf(cluster: ClusterConfig): PodRequests | undefined {
  return cloudOf(cluster)?.podRequests?.(cluster);
}

/** How a cluster's spot nodes are marked; undefined: it has none that the program knows. */
export function spotMarksOf(cluster: ClusterConfig): SpotMarks | undefined {
  const own = cloudOf(cluster)?.spotMarks?.(cluster);
  if (own !== undefined || !("spotNodes" in cluster) || cluster.spotNodes === undefined) return own;
  const { pool: label, spot, platform: onDemand, spotTaint: taint } = nodeMarks;
  return { label, spot, onDemand, taint };
}

/** Whether the program makes the cluster itself. */
export function isCloud<C extends { kind?: unknown }>(cluster: C): cluster is C & { kind: CloudKindName } {
  return cloudOf(cluster) !== undefined;
}

/** Whether a cluster has object storage that service accounts reach with their own identity. */
export function hasBucket(cluster: ClusterConfig): boolean {
  return isCloud(cluster) || ("identity" in cluster && cluster.identity !== undefined);
}

/** Whether a resource is in a cloud and not in a cluster, by its type token. */
export function isCloudResource({ type }: { type: string }): boolean {
  return clouds.some(({ provider }) => type.startsWith(`${provider}:`));
}

type KindSchema = Kinds[KindName]["schema"];

/** What a stack writes below `cluster`, of each kind. */
export const kindSchemas = Object.values<Kinds[KindName]>(kinds).map(({ schema }) => schema) as [
  KindSchema,
  ...KindSchema[],
];
