import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster.ts";

/** What a stack that makes a cluster tells the stack that puts the platform on it; its output `handover`. */
export interface Handover {
  kubeconfig: string;
  /** By the client's name. */
  storage: Record<string, StorageHandover>;
  /** Undefined: the cloud runs no Postgres for the platform. */
  postgres?: { host: string; adminUser: string; caCertificate: string };
}

export interface StorageHandover {
  uri: string;
  /** By the service account's name. */
  accountAnnotations: Record<string, Record<string, string>>;
}

/** The outputs by which another stack takes a cluster; the password is one of its own, so that the rest stays readable. */
export function handoverOutputs({ kubeconfig, objectStorage, managedPostgres }: Cluster): Record<string, unknown> {
  if (kubeconfig === undefined) return {};
  const storage = Object.entries(objectStorage?.access ?? {}).map(
    ([client, { uri, accountAnnotations }]) => [client, { uri, accountAnnotations }] as const,
  );
  const handover = { kubeconfig, storage: Object.fromEntries(storage) };
  if (managedPostgres === undefined) return { handover };
  const { host, adminUser, adminPassword, caCertificate } = managedPostgres;
  const postgresAdminPassword = pulumi.secret(adminPassword);
  return { handover: { ...handover, postgres: { host, adminUser, caCertificate } }, postgresAdminPassword };
}
