import type { Checkpoint } from "./state.ts";
import { kindOf, urnParts } from "./urn.ts";

const guardType = "mlops:destroy-guard:DestroyGuard";

/** URNs of what a destroy meets first, where it is protected. */
export function guardsOf({ deployment }: Checkpoint): string[] {
  const guards = (deployment.resources ?? []).filter(({ type, protect }) => type === guardType && protect === true);
  return guards.map(({ urn }) => urn);
}

/** Names of the protected resources of a state: `Kind name`, or `project name` of an entry that guards a project. */
export function protectedNames({ deployment }: Checkpoint): string[] {
  const kept = (deployment.resources ?? []).filter(({ type, protect }) => protect === true && type !== guardType);
  return kept.map(({ urn }) => {
    const { type, name } = urnParts(urn);
    const isEntry = urn.includes("mlops:project-entry:ProjectEntry$");
    return isEntry ? `project ${name.replace(/-entry$/, "")}` : `${kindOf(type)} ${name}`;
  });
}

/** Why a destroy does not begin, and what to type for it. */
export function refusal(stack: string, names: readonly string[], isCloud: boolean): string {
  const rest = `make destroy STACK=${stack} KEEP_DATA=1\` deletes everything except the data`;
  const how = isCloud
    ? `\`scripts/pulumi config set --stack ${stack} --path cluster.deletionProtection false\`, ` +
      `\`scripts/pulumi config set --stack ${stack} --path labels.environment development\` and ` +
      `\`make up STACK=${stack}\` remove the protection`
    : `\`scripts/pulumi destroy --ignore-protect --stack ${stack}\` deletes everything, including the data`;
  return `stack ${stack} protects ${names.join(", ")}: nothing was removed. \`${rest}; ${how}`;
}
