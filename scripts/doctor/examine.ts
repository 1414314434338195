import type { Query, Check, Finding } from "./check.ts";
import type { ClusterSnapshot } from "./read.ts";

/** The findings of one check, and the parts that it could not check. */
export interface Examination {
  check: Check;
  findings: Finding[];
  /** The reasons why parts could not be checked, a sentence each. */
  unseen: string[];
}

/**
 * Runs every check.
 *
 * @param asker gives what checks ask with, and is told why something did not answer
 */
export function examine(
  checks: readonly Check[],
  { snapshot, unread }: ClusterSnapshot,
  asker: (unanswered: (reason: string) => void) => Query,
): Promise<Examination[]> {
  return Promise.all(
    checks.map(async (check) => {
      const unseen = unread
        .filter(({ kind }) => check.kinds.includes(kind))
        .map(({ kind, namespace, reason }) => `${kind} of ${namespace ?? "the cluster"}: ${reason}`);
      const query = asker((reason) => unseen.push(reason));
      const findings = await check.find(snapshot, query);
      return { check, findings, unseen: [...new Set(unseen)] };
    }),
  );
}
