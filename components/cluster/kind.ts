import type { z } from "zod";
import type { CloudDataName } from "../../config/data-names.ts";
import type { Rule } from "../../config/rule.ts";
import type { MockTables } from "../../lib/mocks.ts";
import type { Billing } from "./billed.ts";
import type { CloudPolicy } from "./cloud-policy.ts";
import type { PodRequests } from "../../lib/kubernetes/pod-requests.ts";

/**
 * What is known of a kind of cluster while there is none: plain data, which loads neither Pulumi nor a cloud's SDK.
 *
 * The configuration, the preview, the policy and the scripts ask it, and never for the kind's name. Components ask
 * the `Cluster` for its capabilities.
 */
export interface ClusterKind {
  /** What a stack writes below `cluster`, with `kind` as a literal. */
  schema: z.core.$ZodTypeDiscriminable;
  /** Rules between the keys of a stack on a cluster of this kind. @default - nothing more */
  rules?: readonly Rule<never>[];
  /** What is most likely a mistake between these keys, with Rules as above; it is told and not refused. @default - nothing */
  warnings?: readonly Rule<never>[];
  /** On the user's machine: pods can mount folders of its single node, and a destroy takes the data with it. */
  isLocal: boolean;
  /** Class of the volumes on every cluster of this kind. @default - the cluster's own default, or what the stack says */
  storageClass?: string;
  /** How web UIs are exposed, and which Postgres there is, where a stack does not say. */
  defaults: {
    exposure: "nodePort" | "portForward";
    postgres: "cluster" | "managed";
    /** Registry of the platform's own images; empty: the program makes one, builds the images and pushes them. */
    imageRegistry: string;
  };
}

/** A kind that the program makes in a cloud, with its network, its nodes and what the platform keeps there. */
export interface CloudKind extends ClusterKind {
  cloud: Cloud;
}

/** A cloud, as far as it matters to those who never call it. */
export interface Cloud {
  /** Pulumi's package of its resources, with which their type tokens begin, e.g. `gcp`. */
  provider: string;
  /** What a stack writes below `cluster.identity` for an existing cluster of this cloud. */
  identity: z.core.$ZodTypeDiscriminable;
  /** A valid value of it, for the documentation. */
  exampleIdentity: Readonly<Record<string, string>>;
  /** What must hold where such a cluster is used. @default - nothing more */
  identityRules?: readonly Rule<never>[];
  /** Keys of `cluster` that tell one cluster from another beside `name` and `region`. @default - none */
  identifyingKeys?: readonly string[];
  /** Roles, databases and users that its managed Postgres itself creates. */
  postgresNames: readonly string[];
  /** Whether a type of machine has Arm processors. */
  isArm: (machineType: string) => boolean;
  /**
   * Registry and path of the own images that the program makes beside a cluster, by the settings below `cluster`; `*` stands
   * for what the cloud alone knows. @default - it makes none
   */
  registry?: (cluster: object) => string;
  /** Whether its load balancers take the certificate that `exposure.certificateArn` names. @default false */
  takesCertificateArn?: true;
  /** What a cluster of these settings asks of each pod's requests. @default - nothing */
  podRequests?: (cluster: unknown) => PodRequests | undefined;
  /** How a cluster of these settings marks spot nodes itself. @default - they are a pool of the program's, marked by it */
  spotMarks?: (cluster: unknown) => SpotMarks | undefined;
  /** Where pods get their identity of the cloud: metadata server or token service. */
  identityEndpoints: readonly NetworkEndpoint[];
  objectStorage: CloudStorage;
  /** CSI driver of its disks. The kubelet reports how full their volumes are. */
  volumeDriver: string;
  /** What the resources put out in a preview without an account. */
  mocks: MockTables;
  /** What is known of resources, by their type. */
  resources: Readonly<Record<string, CloudResource>>;
  /** Types of resources by their purpose, as a picture names them: `<provider>.<service>.<name>`. */
  purposes: Readonly<Partial<Record<Purpose, RegExp>>>;
  /** What it adds to the policy's rules. */
  policy: CloudPolicy;
  /** Fields whose change replaces a resource, by its type; names as in Pulumi. */
  replacements: Readonly<Record<string, readonly string[]>>;
  /** With which its plugin validates without an account. @default - its facts are not collected */
  offlineConfiguration?: Readonly<Record<string, string>>;
  /** What its provider accepts as inputs. @default - nothing is checked before a deployment */
  facts?: CloudFacts;
  billing: Billing;
}

/** How spot nodes tell a pod what they are. */
export interface SpotMarks {
  label: string;
  /** The label's value on spot nodes. */
  spot: string;
  /** Its value on the platform's nodes; undefined: they have no such label. */
  onDemand?: string;
  taint: string;
}

/** Addresses that a pod reaches, for NetworkPolicies. */
export interface NetworkEndpoint {
  cidr: string;
  ports: number[];
}

/** What a type of resource is for, as pictures colour it. */
export type Purpose = "compute" | "data" | "identity" | "settings, secrets" | "network";

export interface CloudStorage {
  /** With which the addresses of its buckets begin, e.g. `gs:`. */
  scheme: string;
  /** Annotation that ties a Kubernetes service account to an identity of the cloud. */
  accountAnnotation: string;
}

/** What matters of a type of resource to those who pay for it, and whose data it holds. */
export interface CloudResource {
  /** Path of its labels or tags. @default - it costs nothing by itself */
  tags?: string;
  /**
   * Inputs that keep the cloud from deleting it, and their required values. `not off` allows an unset input.
   *
   * @default - it neither holds data nor is needed to read any
   */
  guards?: Readonly<Record<string, Guard>>;
  /** The name in `allowDataLoss` of the data that is lost with it. @default - none is lost */
  data?: CloudDataName;
  /** What it stores for the platform in place of its own server. @default - nothing */
  replaces?: { part: "minio" | "postgres"; name: string };
  /** Whether it is nothing but a key that never expires. @default false */
  isStaticKey?: true;
}

export type Guard = "on" | "not off" | "not on";

/** What a provider accepts as an input. */
export interface InputFacts {
  required?: boolean;
  /** The only values. */
  values?: readonly (string | number)[];
  /** Of a number: the least and the greatest, where there is one. */
  range?: readonly (number | null)[];
  /** Of a text: the least and the greatest number of characters, where there is one. */
  length?: readonly (number | null)[];
  /** A regular expression that a text matches. */
  pattern?: string;
}

/** The inputs of a type by their paths, e.g. `nodeConfig.taints.key`; whatever is not there does not exist. */
export type TypeFacts = Readonly<Record<string, InputFacts>>;

/** What the types of a cloud accept; `make facts` writes it. */
export interface CloudFacts {
  /** Of the names and what is required: the package. Of the values: the plugin. */
  source: { package: string; plugin: string; day: string };
  types: Readonly<Record<string, TypeFacts>>;
}
