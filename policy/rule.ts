import type { Resource } from "./resource.ts";
import type { Settings } from "./settings.ts";

/** Something that a resource does wrong. */
export interface Violation {
  resource: Resource;
  /** Names what is wrong and where inside the resource; never shows a value that may be secret. */
  message: string;
}

/** Something that every stack must hold: data with pure functions, which the preview and CrossGuard both run. */
export interface Rule {
  /** Name in results, pack configuration and exceptions. */
  id: string;
  severity: "low" | "medium" | "high" | "critical";
  /** Whether a violation stops a deployment or is only said. */
  enforcement: "mandatory" | "advisory";
  /** What it demands, in one sentence. */
  description: string;
  /** What mends a violation. */
  remediation: string;
  /** What is wrong with one resource, a sentence each; CrossGuard asks before the resource is made. */
  judge?: (resource: Resource, settings: Settings) => string[];
  /** What only all resources together show; CrossGuard asks at the end of a preview or an update. */
  judgeStack?: (resources: readonly Resource[], settings: Settings) => Violation[];
}
