import type { z } from "zod";
import { closest } from "../../lib/closest.ts";
import { isObject } from "../../lib/json.ts";
import { replacedAt, valueAt } from "../../lib/key-path.ts";
import { configSchema } from "../schema.ts";
import { keysAt, kindCalled } from "./shape.ts";

type Issue = z.core.$ZodIssue;

/** An issue, and the configuration that it is one of. */
export interface Located {
  issue: Issue;
  input: Record<string, unknown>;
}

/** What is wrong with a value that may be one of several things, where it is recognizably one of them. */
export function narrowed({ issue, input }: Located): Located[] {
  if (issue.code !== "invalid_union" || isDiscriminated(issue)) return [{ issue, input }];
  const fitting = issue.errors.filter((branch) => !branch.some(isOfAnotherType));
  const [branch] = fitting;
  if (branch === undefined || fitting.length > 1) return [{ issue, input }];
  return branch.flatMap((inner) => narrowed({ issue: { ...inner, path: [...issue.path, ...inner.path] }, input }));
}

/** Whether a value is not even of the type that a branch takes. */
function isOfAnotherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_union") return issue.errors.every((branch) => branch.some(isOfAnotherType));
  return issue.code === "invalid_type";
}

/**
 * An issue, and what is wrong with the keys beside a kind that does not exist, which the schema has not looked at: what
 * the kind that was probably meant says of them, or else the keys that no kind has.
 */
export function withSiblings(issue: Issue, input: Record<string, unknown>): Located[] {
  const alone = { issue, input };
  if (issue.code !== "invalid_union" || !isDiscriminated(issue)) return [alone];
  const parent = issue.path.slice(0, -1);
  const value = valueAt(input, parent);
  if (!isObject(value)) return [alone];
  const kind = valueAt(input, issue.path);
  const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const meant = kindCalled(issue.path, input) ?? (typeof kind === "string" ? closest(kind, options) : undefined);
  if (meant !== undefined) return [alone, ...issuesOfKind(replacedAt(input, issue.path, meant), parent)];
  const known = keysAt(parent, input);
  const keys = Object.keys(value).filter((key) => !known.includes(key));
  if (keys.length === 0) return [alone];
  return [alone, { issue: { code: "unrecognized_keys", keys, path: parent, message: "" }, input }];
}

/** The issues of what is below a path, without numbers in place of texts, which are accepted. */
function issuesOfKind(input: unknown, parent: readonly PropertyKey[]): Located[] {
  if (!isObject(input)) return [];
  const issues = configSchema.safeParse(input).error?.issues ?? [];
  const isBelow = ({ path }: Issue) => parent.every((step, i) => path[i] === step);
  const isText = (issue: Issue) =>
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    ["number", "boolean"].includes(typeof valueAt(input, issue.path));
  return issues.filter((issue) => isBelow(issue) && !isText(issue)).map((issue) => ({ issue, input }));
}

function isDiscriminated(issue: z.core.$ZodIssueInvalidUnion): boolean {
  return "discriminator" in issue && issue.discriminator !== undefined;
}
