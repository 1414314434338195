import type { Resource, Violation } from "../lib/resource.ts";
import type { Settings } from "./settings.ts";

/** Data that a change of a stack deletes. */
export interface Loss {
  /** Its name in `allowDataLoss`. */
  data: string;
  type: string;
  name: string;
  /** `namespace/name` of a Kubernetes object. */
  object: string | undefined;
  how: "removed" | "replaced";
  /** Paths of the fields that replace the resource; empty if it is removed. */
  fields: readonly string[];
  /** Whether the configuration says by itself that it goes, as `projects[].removed` does. */
  isIntended: boolean;
}

/** Something that every stack must hold: data with pure functions, which the preview and CrossGuard both run. */
export interface Rule {
  /** Name in results, pack configuration and exceptions. */
  id: string;
  severity: "low" | "medium" | "high" | "critical";
  /** Whether a violation stops a deployment or is only said. */
  enforcement: "mandatory" | "advisory";
  /** Its requirement, in one sentence. */
  description: string;
  /** How to fix a violation. */
  remediation: string;
  /** The problems of one resource, a sentence each; CrossGuard calls it before it creates the resource. */
  evaluate?: (resource: Resource, settings: Settings) => string[];
  /** What only all resources together show; CrossGuard asks at the end of a preview or an update. */
  evaluateStack?: (resources: readonly Resource[], settings: Settings) => Violation[];
  /** The problems of deleted data; only the preview of a change knows the state before. */
  evaluateLoss?: (loss: Loss, settings: Settings) => string[];
}
