import { parsed } from "../../../../../lib/resource.ts";

/** A statement of a policy document of AWS. */
export interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

/** The statements of a policy document, which may be text or an object. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement: statements } = parsed(document);
  const list: unknown[] = Array.isArray(statements) ? statements : statements === undefined ? [] : [statements];
  return list.filter((each): each is Statement => typeof each === "object" && each !== null);
}

/** The texts of a value, which may be one or a list. */
export function textList(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === "string");
}
