import { at, listAt, textAt } from "../../../../../lib/json.ts";
import type { Resource } from "../../../../../lib/resource.ts";
import { actionsWithoutResource } from "./allow-lists.ts";
import { type Statement, statementsOf, textList } from "./statements.ts";

/** Where a type keeps a policy document; of a key's own policy, `*` is the key itself. */
const documentPaths: Record<string, string> = {
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

const attachments = /^aws:iam\/\w*[pP]olicyAttachment:/;

/** AWS managed policies that allow everything, or everything of a service. */
const broadPolicy = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/;

const withoutResource = actionsWithoutResource.map(({ action }) => new RegExp(`^${action.replace("*", "\\w+")}$`));

/** Permissions that are wider than one purpose. */
export function wildcardProblems(resource: Resource): string[] {
  const { type, inputs } = resource;
  const path = documentPaths[type];
  if (path !== undefined) return statementsOf(inputs[path]).flatMap(statementProblems);
  if (type === "aws:iam/role:Role") return inlinePolicies(resource).flatMap(statementProblems);
  return attachments.test(type) ? attachmentProblems(textAt(inputs, "policyArn") ?? "") : [];
}

function inlinePolicies({ inputs }: Resource): Statement[] {
  return listAt(inputs, "inlinePolicies").flatMap((policy) => statementsOf(at(policy, "policy")));
}

function statementProblems({ Effect, Action, NotAction, Resource, NotResource }: Statement): string[] {
  if (Effect !== "Allow") return [];
  const actions = textList(Action);
  const isScopable = actions.some((action) => !withoutResource.some((allowed) => allowed.test(action)));
  return [
    ...(NotAction === undefined ? [] : ["allows every action but some (NotAction)"]),
    ...(NotResource === undefined ? [] : ["allows every resource but some (NotResource)"]),
    ...actions.filter((action) => action.includes("*")).map((action) => `allows the action ${action}`),
    ...textList(Resource)
      .filter((arn) => isScopable && isWide(arn))
      .map((arn) => `allows ${actions.join(", ")} on the resource ${arn}`),
  ];
}

/** Everything, everything of a service, or everything of a kind: `role/*`, but not `nodegroup/<cluster>/*`. */
function isWide(arn: string): boolean {
  if (arn === "*") return true;
  const [, , service = "", ...rest] = arn.split(":");
  const name = rest.slice(2).join(":");
  return service === "s3" ? name.startsWith("*") : /^([\w-]+[/:])?\*$/.test(name);
}

function attachmentProblems(arn: string): string[] {
  return broadPolicy.test(arn) ? [`attaches ${arn}`] : [];
}
