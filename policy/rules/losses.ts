import { keepsData } from "../../config/data-names.ts";
import { movePage } from "../../config/losses.ts";
import type { Loss, Rule } from "../rule.ts";

export const dataNotDeleted: Rule = {
  id: "data-not-deleted",
  severity: "critical",
  enforcement: "mandatory",
  description:
    "No change deletes data unless the configuration allows it for that resource. Only `make preview-diff` evaluates this rule, and " +
    "the option protect enforces it during an update.",
  remediation:
    `Revert the change; or move the data first (${movePage}), and name the data in allowDataLoss; ` +
    "to remove a project, set projects[].removed.",
  evaluateLoss: (loss, { environment, allowDataLoss }) =>
    loss.isIntended || allowDataLoss.includes(loss.data) || !keepsData({ environment: environment ?? "" })
      ? []
      : [sentence(loss)],
};

function sentence({ type, name, object, how, fields, data }: Loss): string {
  const place = `${type.slice(type.lastIndexOf(":") + 1)} ${object ?? name}`;
  if (how === "removed") return `${place} is deleted with its data: ${remedy(data, name)}`;
  const move = fields.includes("spec.storageClassName") ? `move it first (${movePage}), or ` : "";
  return `${place} is replaced because of ${fields.join(", ")}, which deletes its data: ${move}${remedy(data, name)}`;
}

function remedy(data: string, name: string): string {
  return data === "project-namespaces"
    ? `keep ${name} in projects with removed: true, or name ${data} in allowDataLoss`
    : `name ${data} in allowDataLoss if the data may be lost`;
}
