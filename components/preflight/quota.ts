import { failed, ok, type Row, unknown } from "./row.ts";

/** An amount that a deployment needs of a quota. */
export interface Need {
  /** E.g. `vCPUs (us-central1)`. */
  what: string;
  /** At the first deployment. */
  first: number;
  /** With every pool at its maximum. @default - the same */
  most?: number;
}

export interface Limit {
  limit: number;
  usage: number;
}

/**
 * Compares what the first deployment needs with what is left; more nodes later are told and stop nothing.
 *
 * @param answer undefined: the cloud does not list the quota
 * @param fix what to type for a higher one
 */
export function quotaRow({ what, first, most = first }: Need, answer: Limit | undefined, fix: string): Row {
  const check = `quota of ${what}`;
  if (answer === undefined) return unknown(check, `the first deployment needs ${first}; the quota is not listed`);
  const { limit, usage } = answer;
  const found = `${usage} of ${limit} are in use, and the first deployment needs ${first}`;
  if (usage + first > limit) return failed(check, found, fix);
  return ok(check, usage + most > limit ? `${found}; not enough for the pools' maximum, ${most}` : found);
}
