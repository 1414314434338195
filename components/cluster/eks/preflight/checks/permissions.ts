import policy from "../../deploy-policy.json" with { type: "json" };
import { isObject, listAt, textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { type Check, failed, notChecked, ok, type Row, some, unknown } from "../../../../preflight/row.ts";
import { bodyOf, problemOf } from "../aws.ts";
import type { Caller, EksContext } from "../context.ts";

const check = "permissions";

/** The account, the region and the cluster that deploy-policy.json is written for. */
const example = { account: "111122223333", region: "us-east-1", name: "mlops" };

/** The input of `iam simulate-principal-policy`. */
export interface Simulation {
  ActionNames: readonly string[];
  ResourceArns?: readonly string[];
  ContextEntries?: readonly { ContextKeyName: string; ContextKeyValues: readonly string[]; ContextKeyType: string }[];
}

/** A stack's own names in place of those of the policy. */
export interface Place {
  partition: string;
  account: string;
  region: string;
  name: string;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/**
 * A question for each statement of the policy: whether a principal may do what it allows, where it allows it.
 *
 * Statements about the state's bucket and key have names that only their owner knows, and are left out; so are the
 * rights of the preflight, without which a deployment does the same.
 */
export function simulationsOf(place: Place, statements: readonly unknown[] = policy.Statement): Simulation[] {
  return statements.flatMap((statement) => {
    if (!isObject(statement) || String(statement.Sid).startsWith("Preflight")) return [];
    const resources = listOf(statement.Resource);
    if (resources.some((arn) => arn.includes("your-"))) return [];
    const context = contextOf(statement.Condition, place);
    return [
      {
        ActionNames: listOf(statement.Action),
        ...(resources.includes("*") ? {} : { ResourceArns: resources.map((arn) => inPlace(arn, place)) }),
        ...(context.length === 0 ? {} : { ContextEntries: context }),
      },
    ];
  });
}

/** What conditions read, with the first value that they allow. */
function contextOf(condition: unknown, place: Place): NonNullable<Simulation["ContextEntries"]>[number][] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => ({
      ContextKeyName: key,
      // The tag `part-of` is the program's, whatever the cluster is called.
      ContextKeyValues: listOf(values)
        .slice(0, 1)
        .map((value) => (key.startsWith("aws:R") ? region(value, place) : inPlace(value, place))),
      ContextKeyType: operator.startsWith("ForAnyValue:") ? "stringList" : "string",
    })),
  );
}

const region = (text: string, place: Place) => text.replaceAll(example.region, place.region);

function inPlace(arn: string, place: Place): string {
  return region(arn, place)
    .replace(/^arn:aws:/, `arn:${place.partition}:`)
    .replaceAll(example.account, place.account)
    .replace(/\bmlops\b/g, place.name);
}

/** Actions of a simulation by what it says of them. */
interface Verdict {
  denied: string[];
  /** Denied without an answer to all that a condition of the principal's policies asks. */
  open: string[];
}

/** The actions that a simulation allows on no resource of the statement. */
export function verdictOf(body: unknown, { ActionNames }: Pick<Simulation, "ActionNames">): Verdict {
  const results = Map.groupBy(listAt(body, "EvaluationResults"), (result) => textAt(result, "EvalActionName"));
  const refused = ActionNames.filter((action) => !(results.get(action) ?? []).some(isAllowed));
  const isOpen = (action: string) =>
    (results.get(action) ?? []).some((result) => listAt(result, "MissingContextValues").length > 0);
  return { denied: refused.filter((action) => !isOpen(action)), open: refused.filter(isOpen) };
}

function isAllowed(result: unknown): boolean {
  const parts = listAt(result, "ResourceSpecificResults");
  return (
    textAt(result, "EvalDecision") === "allowed" ||
    parts.some((part) => textAt(part, "EvalResourceDecision") === "allowed")
  );
}

/** @param runs of `iam simulate-principal-policy`, each with what it was asked */
export function permissionsRow(runs: readonly { asked: Simulation; run: Run | undefined }[], principal: string): Row {
  const answered = runs.filter(({ run }) => bodyOf(run) !== undefined);
  const verdicts = answered.map(({ asked, run }) => verdictOf(bodyOf(run), asked));
  const denied = [...new Set(verdicts.flatMap((verdict) => verdict.denied))];
  const open = [...new Set(verdicts.flatMap((verdict) => verdict.open))];
  if (denied.length > 0) return failed(check, `${principal} may not do ${some(denied)}`, putCommand(principal));
  const refused = runs.find(({ run }) => bodyOf(run) === undefined);
  if (refused !== undefined) return unknown(check, problemOf(refused.run));
  if (open.length > 0) return unknown(check, `conditions decide whether ${principal} may do ${some(open)}`);
  return ok(check, `${principal} may do what deploy-policy.json allows`);
}

function putCommand(principal: string): string {
  const [, kind = "role", name = ""] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  return (
    `aws iam put-${kind}-policy --${kind}-name ${name} --policy-name deploy-mlops ` +
    "--policy-document file://<your copy of components/cluster/eks/deploy-policy.json>"
  );
}

/** Whom IAM simulates: a role, not the session of one; undefined: one that it cannot. */
async function principalOf({ aws, caller }: EksContext): Promise<string | undefined> {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(caller.arn) ?? [];
  if (role === undefined) return caller.arn.includes(":user/") ? caller.arn : undefined;
  return textAt(bodyOf(await aws("iam", "get-role", "--role-name", role)), "Role.Arn");
}

export const permissions: Check<EksContext> = {
  id: check,
  look: async (context) => {
    const { aws, caller, plan } = context;
    if (!plan.resources.some(({ type }) => type.startsWith("aws:"))) {
      return [notChecked(check, "the stack makes nothing in the account")];
    }
    if (isRoot(caller)) return [ok(check, "the root user may do everything; use a role")];
    const principal = await principalOf(context);
    if (principal === undefined) return [unknown(check, `IAM does not tell which role ${caller.arn} has`)];
    const { region: own, name } = plan.cluster;
    const place = { partition: caller.arn.split(":")[1] ?? "aws", account: caller.account, region: own, name };
    const runs = await inTurn(simulationsOf(place), async (asked) => {
      const input = JSON.stringify({ PolicySourceArn: principal, ...asked });
      return { asked, run: await aws("iam", "simulate-principal-policy", "--cli-input-json", input) };
    });
    return [permissionsRow(runs, principal)];
  },
};

const isRoot = ({ arn }: Caller): boolean => arn.endsWith(":root");

/** Four at once: IAM answers few of these a second. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 4) results.push(...(await Promise.all(items.slice(i, i + 4).map(work))));
  return results;
}
