/** What a check has found. */
export type State = "ok" | "failed" | "unknown" | "not checked";

/** One line of the result. */
export interface Row {
  check: string;
  state: State;
  /** One sentence without secrets. */
  found: string;
  /** One command that fixes it, where it failed. */
  fix?: string;
}

/** A question to a cloud or a cluster, and the judgement of its answer. */
export interface Check<Context> {
  id: string;
  look: (context: Context) => Promise<readonly Row[]>;
}

export const ok = (check: string, found: string): Row => ({ check, state: "ok", found });
export const failed = (check: string, found: string, fix: string): Row => ({ check, state: "failed", found, fix });
export const unknown = (check: string, found: string): Row => ({ check, state: "unknown", found });
export const notChecked = (check: string, found: string): Row => ({ check, state: "not checked", found });

/** Asks everything at once; the rows come in the order of the checks. */
export async function look<Context>(checks: readonly Check<Context>[], context: Context): Promise<Row[]> {
  return (await Promise.all(checks.map((check) => check.look(context)))).flat();
}

/** A text of a program or an API on one line, as much of it as a table holds. */
export function inShort(text: string, length = 200): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** The first few of a list. */
export function some(all: readonly string[]): string {
  const shown = all.slice(0, 3).join(", ");
  return all.length > 3 ? `${shown} and ${all.length - 3} more` : shown;
}
