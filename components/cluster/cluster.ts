import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { WebUiName } from "../parts.ts";
import type { ClusterAccess } from "../../lib/kubernetes/kubectl.ts";
import type { NetworkEndpoint } from "./kind.ts";

/**
 * What the platform may ask of the cluster that it runs on.
 *
 * Components ask for a capability and never for the provider's name: what one
 * cluster has and another has not is `undefined` here.
 */
export interface Cluster {
  readonly capabilities: ClusterCapabilities;
  /** Its `clusterIdentifier` is a literal, so that a renewed kubeconfig replaces nothing. */
  readonly provider: k8s.Provider;
  /** Object storage that service accounts reach with their own identity; undefined: MinIO takes its place. */
  readonly objectStorage: ObjectStorage | undefined;
  /** The cloud's Postgres; undefined: there is none. */
  readonly managedPostgres: PostgresServer | undefined;
  /** Kubeconfig that names a credential plugin and holds no token; undefined: it came from the user. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** How kubectl reaches it: by a kubeconfig of the user's, or by a text; undefined: by `kubeconfig`. */
  readonly access?: ClusterAccess | pulumi.Output<string>;
  /** Registry that the program makes beside the cluster, from which its nodes may pull; undefined: there is none. */
  readonly registry: ImageRegistry | undefined;
}

/** A registry for the platform's own images. */
export interface ImageRegistry extends RegistryAccess {
  /** Registry and path, e.g. `europe-west4-docker.pkg.dev/acme-ml/mlops`. */
  readonly address: pulumi.Output<string>;
  /** What must exist before a push. */
  readonly ready: pulumi.Resource[];
}

/** How the identity that deploys reaches a registry. */
export interface RegistryAccess {
  /** The address by its names alone, before anything exists: pods name images by plain texts. */
  readonly plannedAddress: () => Promise<string>;
  /** A login that ends by itself; another one at each run. */
  readonly login: () => pulumi.Output<RegistryLogin>;
}

export interface RegistryLogin {
  username: string;
  /** Secret. */
  password: string;
}

/** What is known of a cluster by its configuration alone, before anything exists. */
export interface ClusterCapabilities {
  /** Storage class of the volumes; undefined: the cluster's default class. */
  readonly storageClass: string | undefined;
  /** Host under which the ports of a node open in a browser; undefined: they do not. */
  readonly nodeAddress: string | undefined;
  /** Folder on the single node that holds the projects' data; undefined: there is no such node. */
  readonly dataFolder: string | undefined;
  /** Addresses that a pod needs for its identity (metadata server, token endpoints), for the NetworkPolicies. */
  readonly identityEndpoints: readonly NetworkEndpoint[];
  /** What the cluster's load balancers want of the Services and of the Ingress. */
  readonly loadBalancing: LoadBalancing;
  /** Plain environment of every client of the object storage, e.g. the bucket's region. */
  readonly storageEnvironment: Readonly<Record<string, string>>;
  /** Addresses of the cloud's Postgres, for the NetworkPolicies; undefined: there is none. */
  readonly managedPostgresCidr: string | undefined;
}

/** A cluster without the services of a cloud. */
export const plainCapabilities: ClusterCapabilities = {
  storageClass: undefined,
  nodeAddress: undefined,
  dataFolder: undefined,
  identityEndpoints: [],
  loadBalancing: { service: {}, ingressClass: undefined, prepareIngress: undefined },
  storageEnvironment: {},
  managedPostgresCidr: undefined,
};

/** How a cluster's own load balancers are told what to do. */
export interface LoadBalancing {
  /** Annotations of a Service of type LoadBalancer. */
  readonly service: Readonly<Record<string, string>>;
  /** Class of the cluster's own ingress; undefined: the default class. */
  readonly ingressClass: string | undefined;
  /** Makes what an Ingress needs beside it; undefined: it needs nothing. */
  readonly prepareIngress:
    ((args: IngressArgs, opts: pulumi.ComponentResourceOptions) => IngressAnnotations) | undefined;
}

/** The planned Ingress: a host for each web UI. */
export interface IngressArgs {
  namespace: pulumi.Input<string>;
  backends: IngressBackend[];
  /** The certificate that the user names; undefined: the cluster's managed one. */
  certificateArn: string | undefined;
  /** Whether the Ingress names a Secret with a certificate, so that it needs no other. */
  hasOwnCertificate: boolean;
  /** Who may connect; undefined: everyone. */
  sourceRanges: readonly string[] | undefined;
}

/** A web UI behind the Ingress. */
export interface IngressBackend {
  name: WebUiName;
  host: string;
  /** Answers 200 without a login. */
  healthPath: string;
  /** Of the pods, for the health check. */
  healthPort: number;
}

export interface IngressAnnotations {
  ingress: Record<string, pulumi.Input<string>>;
  /** Of the Service behind each host. */
  services: Partial<Record<WebUiName, Record<string, pulumi.Input<string>>>>;
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
  /** Plain environment of its pods, e.g. the endpoint of an S3. */
  environment: Record<string, pulumi.Input<string>>;
  /** Secret environment of its pods; empty where the service account is the identity. */
  secretEnvironment: Record<string, pulumi.Output<string>>;
  /** Annotations that tie a service account, by its name, to the cloud's identity; empty where secrets do. */
  accountAnnotations: Record<string, pulumi.Input<Record<string, pulumi.Input<string>>>>;
  /** Plain, and changes with any of it that the site may change; another one restarts the pods. @default - the generation of the keys does */
  fingerprint?: string;
}

/** Where a Postgres server is, and how clients verify it. */
export interface ServerAddress {
  host: pulumi.Input<string>;
  port: number;
  /** PEM of the authority that clients verify the server with. */
  caCertificate: pulumi.Input<string>;
  /** Addresses of a server outside the cluster, for the NetworkPolicies; undefined: it runs in the platform's namespace. */
  cidr: string | undefined;
  /** What must be ready before the first connection. */
  ready: pulumi.Resource[];
}

/** A Postgres server, wherever it runs, with its administrator. */
export interface PostgresServer extends ServerAddress {
  adminUser: pulumi.Input<string>;
  adminPassword: pulumi.Output<string>;
  /** What the server wants until it is given the one above; undefined: it always has that one. */
  previousAdminPassword?: pulumi.Output<string>;
}
