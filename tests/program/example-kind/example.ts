import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StorageClient } from "../../clients.ts";
import { type Cluster, type ClusterCapabilities, type ObjectStorage, plainCapabilities } from "../cluster.ts";
import { inPlace } from "../in-place.ts";
import type { ExampleConfig } from "./data/schema.ts";

export interface ExampleClusterArgs extends ExampleConfig {
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Tags of the resources. */
  labels: Record<string, string>;
}

/** A cluster with nodes and a bucket. */
export class ExampleCluster extends pulumi.ComponentResource implements Cluster {
  readonly capabilities: ClusterCapabilities = exampleCapabilities();
  readonly provider: k8s.Provider;
  readonly objectStorage: ObjectStorage;
  readonly managedPostgres = undefined;
  readonly kubeconfig: pulumi.Output<string>;
  readonly registry = undefined;

  constructor(name: string, args: ExampleClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:example:ExampleCluster", name, {}, opts);
    const { region, nodes, clients } = args;
    const child = { parent: this, protect: args.deletionProtection };
    const cluster = new CloudResource(
      "Cluster",
      args.name,
      { region, nodes, tags: args.labels, kubeconfig: undefined },
      child,
    );
    this.kubeconfig = cluster.kubeconfig;
    this.objectStorage = exampleStorage(args.name, region, { clients, labels: args.labels }, child);
    const clusterIdentifier = `example/${region}/${args.name}`;
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier, ...inPlace },
      { parent: this },
    );
    this.registerOutputs({ provider: this.provider, kubeconfig: this.kubeconfig });
  }
}

/** What is known of a cluster by its configuration alone. */
export function exampleCapabilities(): ClusterCapabilities {
  return { ...plainCapabilities, storageClass: "ssd" };
}

/** A bucket in which each client has a prefix and an identity. */
export function exampleStorage(
  name: string,
  region: string,
  { clients, labels }: Pick<ExampleClusterArgs, "clients" | "labels">,
  opts: pulumi.CustomResourceOptions,
): ObjectStorage {
  const bucket = new CloudResource("Bucket", name, { region, tags: labels }, opts);
  const access = clients.map(({ name: client, prefix, serviceAccounts }) => {
    const annotations = serviceAccounts.map((account) => [account.name, { "example.org/identity": client }] as const);
    const reached = {
      uri: pulumi.interpolate`s3://${bucket.id}/${prefix}`,
      environment: {},
      secretEnvironment: {},
      accountAnnotations: Object.fromEntries(annotations),
    };
    return [client, reached] as const;
  });
  return { access: Object.fromEntries(access), ready: [bucket] };
}

/** A resource of a provider that has no SDK. */
class CloudResource extends pulumi.CustomResource {
  declare readonly kubeconfig: pulumi.Output<string>;

  constructor(kind: string, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(`example:index:${kind}`, name, inputs, opts);
  }
}
