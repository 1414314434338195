import { at, listAt, textAt } from "../../lib/json.ts";
import { actionsWithoutResource, allowedManagedPolicies } from "../allow-lists.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, parsed, type Resource } from "../resource.ts";

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

/** Policies of AWS that allow everything, or everything of a service. */
const broadPolicy = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/;

/** Roles of Google that span every service. Source: https://cloud.google.com/iam/docs/roles-overview#basic */
const basicRoles = ["roles/owner", "roles/editor", "roles/viewer"];
const everyone = ["allUsers", "allAuthenticatedUsers"];

export const noIamWildcards: Rule = {
  id: "no-iam-wildcards",
  severity: "critical",
  enforcement: "mandatory",
  description:
    "No permission has a wildcard action, a wildcard resource, a role that spans all services, or a grant to everyone.",
  remediation:
    "Name the actions and the ARN. List an action without resource-level permissions in policy/allow-lists.ts.",
  evaluate: (resource) => {
    const { type, inputs } = resource;
    const path = documentPaths[type];
    if (path !== undefined) return statementsOf(inputs[path]).flatMap(statementProblems);
    if (type === "aws:iam/role:Role") return inlinePolicies(resource).flatMap(statementProblems);
    if (attachments.test(type)) return attachmentProblems(textAt(inputs, "policyArn") ?? "");
    if (/^gcp:.*(IAM|Iam)(Member|Binding)$/.test(type)) return googleProblems(resource);
    return kubernetesProblems(resource);
  },
};

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

function inlinePolicies({ inputs }: Resource): Statement[] {
  return listAt(inputs, "inlinePolicies").flatMap((policy) => statementsOf(at(policy, "policy")));
}

function statementProblems({ Effect, Action, NotAction, Resource, NotResource }: Statement): string[] {
  if (Effect !== "Allow") return [];
  const actions = textList(Action);
  const isScopable = actions.some((action) => !actionsWithoutResource.some((allowed) => allowed.action.test(action)));
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
  const isAllowed = allowedManagedPolicies.some(({ name }) => arn.endsWith(`/${name}`));
  return broadPolicy.test(arn) && !isAllowed ? [`attaches ${arn}`] : [];
}

function googleProblems({ inputs }: Resource): string[] {
  const role = textAt(inputs, "role") ?? "";
  const members = [inputs.member, ...listAt(inputs, "members")].filter((member) => typeof member === "string");
  return [
    ...(basicRoles.includes(role) ? [`grants ${role}`] : []),
    ...members.filter((member) => everyone.includes(member)).map((member) => `grants ${role} to ${member}`),
    ...members.filter((member) => member.endsWith("/*")).map((member) => `grants ${role} to the whole pool ${member}`),
  ];
}

function kubernetesProblems(resource: Resource): string[] {
  const object = kubernetesObject(resource);
  if (object?.kind !== "Role" && object?.kind !== "ClusterRole") return [];
  return listAt(object, "rules").flatMap((rule) =>
    ["verbs", "resources", "nonResourceURLs"]
      .filter((key) => listAt(rule, key).includes("*"))
      .map((key) => `allows all ${key}`),
  );
}

export function textList(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === "string");
}
