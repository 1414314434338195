import { ask, ofStack } from "../../config/fixes.ts";
import { has, type Known } from "./known.ts";
import { failed, ok, type Row, unknown } from "./row.ts";

/** Something whose name is fixed, so that another one of that name would stop its creation. */
export interface Named {
  /** E.g. `cluster`. */
  what: string;
  /** Type of the resource. */
  type: string;
  name: string;
  /** Whether a deployment takes over what is there. @default - it stops */
  takesOver?: boolean;
}

/** Whether a name is taken; otherwise why that is not known. */
export type Taken = boolean | { problem: string };

/**
 * @param state of the stack; undefined: it cannot be read
 * @param stack whose file has the names
 */
export function nameRow(
  { what, type, name, takesOver = false }: Named,
  taken: Taken,
  state: readonly Known[] | undefined,
  stack: string,
): Row {
  const check = `name of the ${what}`;
  if (typeof taken === "object") return unknown(check, `${name}: ${taken.problem}`);
  if (!taken) return ok(check, `${name} is free`);
  if (state !== undefined && has(state, type, name)) return ok(check, `${name} is this stack's own`);
  if (takesOver) return ok(check, `${name} exists, and the deployment takes it over`);
  if (state === undefined) return unknown(check, `${name} exists, and the stack's state cannot be read`);
  return failed(check, `${name} exists, and this stack's state does not have it`, ofStack(ask("cluster.name"), stack));
}

/** Several names of one kind as one row: the first that is not free. */
export function worstOfEach(rows: readonly Row[]): Row[] {
  return [...Map.groupBy(rows, ({ check }) => check).values()].flatMap(worstOf);
}

function worstOf(rows: readonly Row[]): Row[] {
  const order = ["failed", "unknown", "not checked", "ok"];
  const sorted = rows.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return sorted.slice(0, 1);
}
