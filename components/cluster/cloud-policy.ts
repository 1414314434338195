import type { Resource, Violation } from "../../lib/resource.ts";

/** What a cloud adds to the policy: pure functions over recorded resources. */
export interface CloudPolicy {
  /** How its long-lived keys look, by what a message calls them. */
  keyForms: Readonly<Record<string, RegExp>>;
  annotations: LoadBalancerAnnotations;
  /** What rules ask of its resources, and of objects that its drivers read, by the rule's id. */
  checks: Readonly<Record<CloudRuleId, CloudCheck>>;
  /** Permissions that a check would refuse, as docs/policy.md names them, and why they may be granted. */
  allowed: readonly { permission: string; reason: string }[];
  /** Resources of a cluster of this kind that may break a rule. */
  exceptions: readonly Exception[];
}

/** The rules that look into a cloud's resources. */
export type CloudRuleId =
  | "no-public-plaintext"
  | "no-iam-wildcards"
  | "trust-names-subject-and-audience"
  | "storage-not-public"
  | "storage-encrypted"
  | "storage-versioned";

export interface CloudCheck {
  /** What is wrong with one resource, a sentence each. @default - nothing */
  evaluate?: (resource: Resource) => string[];
  /** What only all resources together show. @default - nothing */
  evaluateStack?: (resources: readonly Resource[]) => Violation[];
}

/** How the cloud's controllers read the annotations of Services and Ingresses. */
export interface LoadBalancerAnnotations {
  /** Those that give a Service's load balancer a private address, or TLS. */
  privateService: Readonly<Record<string, RegExp>>;
  /** Those that give an Ingress a private address. */
  privateIngress: Readonly<Record<string, RegExp>>;
  /** Those that name an Ingress's certificate, which is not in `spec.tls`. */
  certificates: readonly string[];
  /** Whether an Ingress of the cloud's controller answers plain HTTP; false for an Ingress of another controller. */
  answersPlainHttp: (annotations: Readonly<Record<string, string>>) => boolean;
}

/** One resource that may break one rule. */
export interface Exception {
  /** Id of the rule. */
  rule: string;
  /** The resource: `Kind/name` of an object in any namespace, `type name` of others. */
  resource: string;
  /** Why that is right here. */
  reason: string;
}
