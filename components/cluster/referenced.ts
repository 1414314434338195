import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { StorageClient } from "../clients.ts";
import type { Cluster, ClusterTraits, ObjectStorage, PostgresServer, StorageAccess } from "./cluster.ts";
import type { Handover } from "./handover.ts";

export interface ReferencedClusterArgs {
  /** The stack that made the cluster, `organization/project/stack`. */
  clusterStack: string;
  traits: ClusterTraits;
  /** Who keeps data in the cluster's object storage. */
  clients: StorageClient[];
  postgres: Config["postgres"];
}

/**
 * A cluster that another stack of this program made; this one needs no right beyond the Kubernetes API.
 *
 * ```ts
 * const cluster = new ReferencedCluster("cluster", { clusterStack: "acme/mlops/gke-cluster", traits, clients, postgres });
 * ```
 */
export class ReferencedCluster extends pulumi.ComponentResource implements Cluster {
  readonly provider: k8s.Provider;
  readonly traits: ClusterTraits;
  readonly objectStorage: ObjectStorage;
  readonly managedPostgres: PostgresServer | undefined;
  readonly kubeconfig = undefined;
  readonly registry = undefined;

  constructor(name: string, args: ReferencedClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:referenced:ReferencedCluster", name, {}, opts);
    const { clusterStack, traits } = args;
    this.traits = traits;
    const stack = new pulumi.StackReference(name, { name: clusterStack }, { parent: this });
    const present: Present = (value, what) => {
      if (value !== undefined) return value;
      throw new pulumi.RunError(missing(clusterStack, what));
    };
    const handed = stack.getOutput("handover") as pulumi.Output<Handover | undefined>;
    const handover = handed.apply((value) => present(value, "cluster"));
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: handover.kubeconfig, clusterIdentifier: clusterStack },
      { parent: this },
    );
    const access = args.clients.map((client) => [client.name, accessOf(client, handover, present, traits)] as const);
    this.objectStorage = { access: Object.fromEntries(access), ready: [] };
    const password = stack.getOutput("postgresAdminPassword") as pulumi.Output<string | undefined>;
    this.managedPostgres = args.postgres.kind === "managed" ? serverOf(handover, password, present, traits) : undefined;
    this.registerOutputs({ provider: this.provider });
  }
}

/** Refuses what the other stack does not have yet. */
type Present = <T>(value: T | undefined, what: string) => T;

function missing(clusterStack: string, what: string): string {
  return `clusterStack: ${clusterStack} has no ${what}: give it the same airflow, backup, projects and postgres as this stack and run pulumi up --stack ${clusterStack} first`;
}

function accessOf(
  { name, serviceAccounts }: StorageClient,
  handover: pulumi.Output<Handover>,
  present: Present,
  { storageEnvironment }: ClusterTraits,
): StorageAccess {
  const storage = handover.apply((all) => present(all.storage[name], `storage for ${name}`));
  const annotations = serviceAccounts.map(
    (account) =>
      [
        account.name,
        storage.apply((its) => present(its.accountAnnotations[account.name], `identity for ${account.name}`)),
      ] as const,
  );
  return {
    uri: storage.uri,
    environment: storageEnvironment,
    secretEnvironment: {},
    accountAnnotations: Object.fromEntries(annotations),
  };
}

function serverOf(
  handover: pulumi.Output<Handover>,
  password: pulumi.Output<string | undefined>,
  present: Present,
  { managedPostgresCidr: cidr }: ClusterTraits,
): PostgresServer {
  const server = handover.apply(({ postgres }) => present(postgres, "managed Postgres"));
  const adminPassword = pulumi.secret(password.apply((value) => present(value, "managed Postgres")));
  const { host, adminUser, caCertificate } = server;
  return { host, port: 5432, adminUser, adminPassword, caCertificate, cidr, ready: [] };
}
