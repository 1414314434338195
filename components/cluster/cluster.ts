import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../config/errors.ts";
import type { Config } from "../../config.ts";
import { ExistingCluster } from "./existing.ts";
import { MinikubeCluster } from "./minikube.ts";

/**
 * What the platform may ask of the cluster that it runs on.
 *
 * Components ask for a capability and never for the provider's name: what one
 * cluster has and another has not is `undefined` here.
 */
export interface Cluster {
  /** Its `clusterIdentifier` is a literal, so that a renewed kubeconfig replaces nothing. */
  readonly provider: k8s.Provider;
  /** Storage class of the volumes; undefined: the cluster's default class. */
  readonly storageClass: string | undefined;
  /** Host under which the ports of a node open in a browser; undefined: they do not. */
  readonly nodeAddress: string | undefined;
  /** Folder on the single node that holds the projects' data; undefined: there is no such node. */
  readonly dataFolder: string | undefined;
  /** Object storage that service accounts reach with their own identity; undefined: MinIO takes its place. */
  readonly objectStorage: ObjectStorage | undefined;
  /** The cloud's Postgres; undefined: there is none. */
  readonly managedPostgres: PostgresServer | undefined;
  /** Addresses that a pod needs for its identity (metadata server, token endpoints), for the NetworkPolicies. */
  readonly identityEndpoints: readonly NetworkEndpoint[];
  /** Annotations that give an Ingress the cloud's managed certificate, and a Service of a load balancer its kind. */
  readonly exposureAnnotations: { ingress: Record<string, string>; service: Record<string, string> };
  /** Kubeconfig that names a credential plugin and holds no token; undefined: it came from the user. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
}

export interface NetworkEndpoint {
  cidr: string;
  ports: number[];
}

/** An object store and what each of its clients needs to reach its own prefix. */
export interface ObjectStorage {
  /** By the client's name. */
  readonly access: Record<string, StorageAccess>;
  /** What must exist before the first request: buckets, identities, policies. */
  readonly ready: pulumi.Resource[];
}

/** How one client reaches its prefix. */
export interface StorageAccess {
  /** The prefix, e.g. `s3://mlops/projects/pageviews` or `gs://bucket/projects/pageviews`. */
  uri: pulumi.Input<string>;
  /** Plain environment of its pods, e.g. the endpoint of MinIO. */
  environment: Record<string, pulumi.Input<string>>;
  /** Secret environment of its pods; empty where the service account is the identity. */
  secretEnvironment: Record<string, pulumi.Output<string>>;
  /** Annotations that tie its service accounts to the cloud's identity. */
  serviceAccountAnnotations: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A Postgres server, wherever it runs. */
export interface PostgresServer {
  host: pulumi.Input<string>;
  port: number;
  adminUser: pulumi.Input<string>;
  adminPassword: pulumi.Output<string>;
  /** PEM of the authority that clients verify the server with. */
  caCertificate: pulumi.Input<string>;
  /** Addresses of a server outside the cluster, for the NetworkPolicies; undefined: it runs in the platform's namespace. */
  cidr: string | undefined;
  /** What must be ready before the first connection. */
  ready: pulumi.Resource[];
}

/**
 * The only switch on the kind of cluster.
 *
 * @throws ConfigError for a kind that the schema knows and this version does not make yet
 */
export function createCluster({ cluster }: Pick<Config, "cluster">): Cluster {
  switch (cluster.kind) {
    case "minikube":
      return new MinikubeCluster("cluster", cluster);
    case "existing":
      if (cluster.identity !== undefined) throw notYet("cluster.identity.kind", cluster.identity.kind, "no identity");
      return new ExistingCluster("cluster", cluster);
    case "gke":
    case "eks":
      throw notYet("cluster.kind", cluster.kind, "minikube or existing");
  }
}

function notYet(key: string, kind: string, allowed: string): ConfigError {
  const fix = "set cluster to {kind: existing, context: <context>} in Pulumi.<stack>.yaml for a cluster that is there";
  return new ConfigError([{ key, found: JSON.stringify(kind), allowed: `${allowed} in this version`, fix }]);
}
