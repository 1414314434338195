import { keepsData } from "../../config/data-names.ts";
import { moving } from "../../config/losses.ts";
import type { Loss, Rule } from "../rule.ts";

export const dataNotDeleted: Rule = {
  id: "data-not-deleted",
  severity: "critical",
  enforcement: "mandatory",
  description:
    "No change deletes data unless the configuration says so for that resource; judged by `make preview-diff` alone, and " +
    "by the option protect during an update.",
  remediation:
    `Take the change back; or move the data first (${moving}), and name what may be lost in allowDataLoss; ` +
    "a project goes with projects[].removed.",
  judgeLoss: (loss, { environment, allowDataLoss }) =>
    loss.isIntended || allowDataLoss.includes(loss.data) || !keepsData({ environment: environment ?? "" })
      ? []
      : [sentence(loss)],
};

function sentence({ type, name, object, how, fields, data }: Loss): string {
  const place = `${type.slice(type.lastIndexOf(":") + 1)} ${object ?? name}`;
  if (how === "removed") return `${place} is deleted, and its data with it: ${remedy(data, name)}`;
  const move = fields.includes("spec.storageClassName") ? `move it first (${moving}), or ` : "";
  return `${place} is replaced for ${fields.join(", ")}, and its data is deleted: ${move}${remedy(data, name)}`;
}

function remedy(data: string, name: string): string {
  return data === "project-namespaces"
    ? `keep ${name} in projects with removed: true, or name ${data} in allowDataLoss`
    : `name ${data} in allowDataLoss if it may be lost`;
}
