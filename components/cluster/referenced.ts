import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import type { StorageClient } from "../clients.ts";
import type {
  Cluster,
  ClusterCapabilities,
  ImageRegistry,
  ObjectStorage,
  PostgresServer,
  RegistryAccess,
  StorageAccess,
} from "./cluster.ts";
import { lookup } from "../../lib/lookup.ts";
import { type Expected, type ClusterOutputs, clusterOutputProblems } from "./cluster-outputs.ts";
import { inPlace } from "./in-place.ts";

export interface ReferencedClusterArgs {
  /** The stack that made the cluster, `organization/project/stack`. */
  clusterStack: string;
  capabilities: ClusterCapabilities;
  /** Who keeps data in the cluster's object storage. */
  clients: StorageClient[];
  postgres: Config["postgres"];
  /** What both stacks must have alike, as this one has it. */
  shared: Expected["shared"];
  /** How to push to the cluster's registry. @default - the stack builds no images */
  registry?: ((opts: { parent: pulumi.Resource }) => RegistryAccess | undefined) | undefined;
}

/**
 * A cluster that another stack of this program made; this one needs no right beyond the Kubernetes API.
 *
 * ```ts
 * const cluster = new ReferencedCluster("cluster", { clusterStack: "acme/mlops/gke-cluster", capabilities, clients, postgres, shared });
 * ```
 */
export class ReferencedCluster extends pulumi.ComponentResource implements Cluster {
  readonly provider: k8s.Provider;
  readonly access: pulumi.Output<string>;
  readonly capabilities: ClusterCapabilities;
  readonly objectStorage: ObjectStorage;
  readonly managedPostgres: PostgresServer | undefined;
  readonly kubeconfig = undefined;
  readonly registry: ImageRegistry | undefined;

  constructor(name: string, args: ReferencedClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:referenced:ReferencedCluster", name, {}, opts);
    const { clusterStack, capabilities, postgres } = args;
    const needsPostgres = postgres.kind === "managed";
    this.capabilities = capabilities;
    const stack = new pulumi.StackReference(name, { name: clusterStack }, { parent: this });
    const expected = { clusterStack, shared: args.shared, clients: args.clients, needsPostgres };
    const received = stack.getOutput("handover") as pulumi.Output<ClusterOutputs | undefined>;
    const outputs = received.apply((value) => fitting(value, expected));
    this.access = outputs.kubeconfig;
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: outputs.kubeconfig, clusterIdentifier: clusterStack, ...inPlace },
      { parent: this },
    );
    const access = args.clients.map((client) => [client.name, accessOf(client, outputs, capabilities)] as const);
    this.objectStorage = { access: Object.fromEntries(access), ready: [] };
    const password = stack.getOutput("postgresAdminPassword") as pulumi.Output<string>;
    this.managedPostgres = needsPostgres ? serverOf(outputs, password, capabilities) : undefined;
    this.registry = registryOf(stack, args.registry?.({ parent: this }));
    this.registerOutputs({ provider: this.provider });
  }
}

/** The registry that the cluster's stack has made; until it is known, that of the names. */
function registryOf(stack: pulumi.StackReference, access: RegistryAccess | undefined): ImageRegistry | undefined {
  if (access === undefined) return undefined;
  const plannedAddress = async () => {
    const found: { value?: unknown } = await stack.getOutputDetails("registry");
    return typeof found.value === "string" ? found.value : access.plannedAddress();
  };
  return { ...access, plannedAddress, address: pulumi.output(plannedAddress()), ready: [] };
}

/** @throws ConfigError with everything in which the two stacks do not fit */
function fitting(outputs: ClusterOutputs | undefined, expected: Expected): ClusterOutputs {
  const problems = clusterOutputProblems(outputs, expected);
  if (outputs === undefined || problems.length > 0) throw new ConfigError(problems);
  return outputs;
}

function accessOf(
  { name, serviceAccounts }: StorageClient,
  outputs: pulumi.Output<ClusterOutputs>,
  { storageEnvironment }: ClusterCapabilities,
): StorageAccess {
  const storage = outputs.apply((all) => lookup(all.storage, "storage")(name));
  const annotations = serviceAccounts.map(
    (account) => [account.name, storage.apply((its) => its.accountAnnotations[account.name] ?? {})] as const,
  );
  return {
    uri: storage.uri,
    environment: storageEnvironment,
    secretEnvironment: {},
    accountAnnotations: Object.fromEntries(annotations),
  };
}

function serverOf(
  outputs: pulumi.Output<ClusterOutputs>,
  password: pulumi.Output<string>,
  { managedPostgresCidr: cidr }: ClusterCapabilities,
): PostgresServer {
  const server = outputs.apply(({ postgres }) => lookup({ postgres }, "server")("postgres"));
  const { host, adminUser, caCertificate } = server;
  return { host, port: 5432, adminUser, adminPassword: pulumi.secret(password), caCertificate, cidr, ready: [] };
}
