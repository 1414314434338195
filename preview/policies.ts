import type { Rendering } from "./render.ts";

/** What one policy says about a stack. */
export interface PolicyResult {
  policy: string;
  /** What it demands, in one sentence. */
  description: string;
  /** One sentence for each resource that breaks it. */
  violations: string[];
}

/** Judges a rendering; the same policies that CrossGuard runs during an update. */
export type PolicyCheck = (rendering: Rendering) => PolicyResult[];

/** Every check of the preview. */
const checks: readonly PolicyCheck[] = [];

export function judge(rendering: Rendering): PolicyResult[] {
  return checks.flatMap((check) => check(rendering));
}
