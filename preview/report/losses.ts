import { dataNameOf } from "../../config/data-holders.ts";
import type { Loss } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import type { Settings } from "../../policy/settings.ts";
import type { PolicyResult } from "../policies.ts";
import type { FieldChange } from "../../lib/field-changes.ts";
import { replaces } from "../replacements/replacements.ts";
import type { ResourceNode } from "./report.ts";

/** A change of one value, and the provider's reaction. */
export interface ResourceField extends FieldChange {
  /** Whether the provider deletes the resource and makes another one for it. */
  replaces: boolean;
}

/** The provider's reaction to each changed field of a type. */
export function withReplacements(type: string, fields: readonly FieldChange[]): ResourceField[] {
  return fields.map((field) => ({ ...field, replaces: replaces(type, field.path) }));
}

/** A violation that one side has and the other does not. */
export interface PolicyChange {
  policy: string;
  enforcement: PolicyResult["enforcement"];
  violation: string;
}

interface LossesArgs {
  removed: readonly ResourceNode[];
  changed: readonly { node: ResourceNode; fields: readonly ResourceField[] }[];
  /** Everything that the stack has then. */
  after: readonly ResourceNode[];
}

/** The data that a change deletes. */
export function lossesOf({ removed, changed, after }: LossesArgs): Loss[] {
  const loss = (node: ResourceNode, how: Loss["how"], fields: string[]): Loss[] => {
    const data = dataNameOf(node);
    if (data === undefined || staysWithSite(node, after)) return [];
    const { type, name, object } = node;
    return [{ data, type, name, object, how, fields, isIntended: isRemovedProject(node, after) }];
  };
  const replaced = changed.flatMap(({ node, fields }) => {
    const paths = fields.filter((field) => field.replaces).map(({ path }) => path);
    return paths.length === 0 ? [] : loss(node, "replaced", paths);
  });
  return [...removed.flatMap((node) => loss(node, "removed", [])), ...replaced];
}

/** Whether the project of a namespace is listed as removed: its entry is there, without protection. */
function isRemovedProject({ name }: ResourceNode, after: readonly ResourceNode[]): boolean {
  return after.some((node) => node.name === `${name}-entry` && node.type.startsWith("random:") && !node.protect);
}

/** Whether a namespace becomes the site's own: the component around it is there, and does not create it any more. */
function staysWithSite({ type, name }: ResourceNode, after: readonly ResourceNode[]): boolean {
  const isNamespace = type === "kubernetes:core/v1:Namespace";
  return isNamespace && after.some((node) => node.type === "mlops:namespace:RestrictedNamespace" && node.name === name);
}

/** The policy's violations by data that a change deletes. */
export function lossViolations(losses: readonly Loss[], settings: Settings): PolicyChange[] {
  return rules.flatMap(({ id, enforcement, evaluateLoss }) =>
    losses.flatMap((loss) =>
      (evaluateLoss?.(loss, settings) ?? []).map((violation) => ({ policy: id, enforcement, violation })),
    ),
  );
}
