import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { type ConfigProblem, shown } from "../../config/errors.ts";
import { valueAt } from "../../lib/key-path.ts";
import { type StorageClient, storagePrefixes } from "../clients.ts";
import type { Cluster } from "./cluster.ts";
import { cloudOf } from "./kinds.ts";

/** What a stack that makes a cluster tells the stack that puts the platform on it; its output `handover`. */
export interface ClusterOutputs {
  kubeconfig: string;
  /** What both stacks must have alike, as this one has it. */
  shared: Record<string, unknown>;
  /** By the client's name. */
  storage: Record<string, StorageOutputs>;
  /** Undefined: the cloud runs no Postgres for the platform. */
  postgres?: { host: string; adminUser: string; caCertificate: string };
}

interface StorageOutputs {
  uri: string;
  /** By the service account's name. */
  accountAnnotations: Record<string, Record<string, string>>;
}

/**
 * Keys that mean one thing in two stacks: the cluster, the namespaces that its identities trust, the network that the
 * policies know, how UIs are exposed, for which the cluster's layer makes an address or a controller, and whether
 * there are policies, without which a cluster that closes new pods would keep the platform's closed.
 */
const sharedKeys = ({ cluster, networkPolicies }: Pick<Config, "cluster" | "networkPolicies">) => [
  "cluster.kind",
  "cluster.name",
  ...(cloudOf(cluster)?.identifyingKeys ?? []).map((key) => `cluster.${key}`),
  "cluster.region",
  "cluster.network",
  "namespace",
  "projectNamespacePrefix",
  "exposure.kind",
  ...(networkPolicies === sharedDefaults.networkPolicies ? [] : ["networkPolicies"]),
];

/** Values that stay out of the outputs, which have not always had these keys. */
const sharedDefaults = { networkPolicies: true };

/** The shared keys of a configuration, by their path; a key that it does not have, or leaves empty, is left out. */
export function sharedSettings(
  config: Pick<Config, "cluster" | "namespace" | "projectNamespacePrefix" | "exposure" | "networkPolicies">,
): Record<string, unknown> {
  const values = sharedKeys(config).map((key) => [key, valueAt(config, key.split("."))] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ""));
}

/** The outputs by which users reach a cluster and its registry; without those of a cluster that came from the user. */
export function accessOutputs(
  { kubeconfig, registry }: Cluster,
  { imageRegistry: published }: Pick<Config, "imageRegistry">,
): Record<string, unknown> {
  const imageRegistry = published === "" ? registry?.address : published;
  return { imageRegistry, ...(kubeconfig === undefined ? {} : { kubeconfig, registry: registry?.address }) };
}

/** The outputs by which another stack takes a cluster; the password is one of its own, so that the rest stays readable. */
export function clusterOutputs(
  { kubeconfig, objectStorage, managedPostgres }: Cluster,
  config: Pick<Config, "cluster" | "namespace" | "projectNamespacePrefix" | "exposure" | "networkPolicies">,
): Record<string, unknown> {
  if (kubeconfig === undefined) return {};
  const storage = Object.entries(objectStorage?.access ?? {}).map(
    ([client, { uri, accountAnnotations }]) => [client, { uri, accountAnnotations }] as const,
  );
  const outputs = { kubeconfig, shared: sharedSettings(config), storage: Object.fromEntries(storage) };
  if (managedPostgres === undefined) return { handover: outputs };
  const { host, adminUser, adminPassword, caCertificate } = managedPostgres;
  const postgresAdminPassword = pulumi.secret(adminPassword);
  return { handover: { ...outputs, postgres: { host, adminUser, caCertificate } }, postgresAdminPassword };
}

/** The key of the configuration that a client of the object storage comes from. */
function keyOfClient(name: string): string {
  return name in storagePrefixes ? name : "projects";
}

export interface Expected {
  clusterStack: string;
  shared: Record<string, unknown>;
  clients: StorageClient[];
  needsPostgres: boolean;
}

/** Every difference between a cluster's outputs and what a platform needs; empty if they fit. */
export function clusterOutputProblems(outputs: ClusterOutputs | undefined, expected: Expected): ConfigProblem[] {
  const { clusterStack, clients, needsPostgres } = expected;
  const deploy = `scripts/pulumi up --stack ${clusterStack}`;
  if (outputs === undefined) {
    const found = `${clusterStack}, which has no cluster in its outputs`;
    return [{ key: "clusterStack", found, allowed: "a deployed stack with layers [cluster]", fix: deploy }];
  }
  const lacking = (key: string, what: string): ConfigProblem => ({
    key,
    found: `${what}, which ${clusterStack} does not have`,
    allowed: `what ${clusterStack} provides: first set the same ${key} there`,
    fix: deploy,
  });
  const theirs: Record<string, unknown> = { ...sharedDefaults, ...outputs.shared };
  const ours: Record<string, unknown> = { ...sharedDefaults, ...expected.shared };
  const different = Object.keys({ ...theirs, ...ours }).filter((key) => !isDeepStrictEqual(theirs[key], ours[key]));
  return [
    ...different.map((key) => ({
      key,
      found: shown(ours[key], key),
      allowed: `${shown(theirs[key], key)}, as in ${clusterStack}`,
      fix: `set the same ${key} in both stack files`,
    })),
    ...clients
      .filter(({ name }) => outputs.storage[name] === undefined)
      .map(({ name }) => lacking(keyOfClient(name), `storage for ${name}`)),
    ...clients.flatMap(({ name, serviceAccounts }) => {
      const known = outputs.storage[name]?.accountAnnotations;
      const unknown = known === undefined ? [] : serviceAccounts.filter((account) => known[account.name] === undefined);
      return unknown.map((account) => lacking(keyOfClient(name), `an identity for ${account.name}`));
    }),
    ...(needsPostgres && outputs.postgres === undefined ? [lacking("postgres", "a managed Postgres")] : []),
  ];
}
