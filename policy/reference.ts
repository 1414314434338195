// Writes docs/policy.md from the rules; tests/policy/reference.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsWithoutResource, allowedManagedPolicies, allowedRegistries } from "./allow-lists.ts";
import { exceptions } from "./exceptions.ts";
import { rules } from "./rules.ts";

const intro = `# Policies

Made from the rules in \`policy/\` by \`node_modules/.bin/node policy/reference.ts\`; do not edit.

The same rules judge a stack in three places:

- \`make preview\`, offline; a broken mandatory rule ends it with status 1. \`make preview-diff\` names what is newly broken, and
  alone judges \`data-not-deleted\`: the engine shows no rule what was there before, and refuses by the option protect.
- \`scripts/pulumi preview --policy-pack policy\` and \`up\` with the same flag, through CrossGuard. The pack needs no install of
  its own; it runs from this checkout and shares code with \`preview/\`, so \`pulumi policy publish\` is not for it.
- CI, which runs both.

Offline every resource is judged, and what the Airflow chart renders where \`helm\` and the chart can be had. A value that
only a deployment knows is passed over until it is known.

**Production** is what the label \`environment\` says: of the resource, or else of the stack's configuration key \`labels\`.
Without that label a cloud's resource counts as production, and an object of a cluster does not: forgetting the label
protects too much and not too little. A cloud stack that may be thrown away says so:

\`\`\`yaml
config:
  mlops:labels: { cost-center: ml, environment: development }
\`\`\`

**To change a rule** edit its file in \`policy/rules/\`, and give it an example that passes and one that fails in
\`tests/policy/examples/\`. **To permit one resource** add it with the reason to \`policy/exceptions.ts\`.
`;

const switching = `## Turning a rule off for one run

CrossGuard reads a pack's configuration: \`--policy-pack-config file.json\` with \`{"cost-labels": "disabled"}\` leaves a rule
out, and \`{"cost-labels": "mandatory"}\` makes it stop a deployment. Permanent decisions belong in
\`policy/exceptions.ts\`, where a review sees it.
`;

/** The whole page. */
export function policyMarkdown(): string {
  return [
    intro,
    "## Rules\n",
    table(
      ["rule", "severity", "requirement", "fix"],
      rules.map(({ id, severity, enforcement, description, remediation }) => [
        `\`${id}\``,
        enforcement === "advisory" ? `${severity}, advice` : severity,
        description,
        remediation,
      ]),
    ),
    "## Exceptions\n",
    table(
      ["rule", "resource", "why"],
      exceptions.map(({ rule, resource, reason }) => [`\`${rule}\``, `\`${resource}\``, reason]),
    ),
    "## Allowed by name\n",
    table(
      ["what", "why"],
      [
        ...allowedRegistries.map(({ prefix, reason }) => [`images below \`${prefix}\``, reason]),
        ...actionsWithoutResource.map(({ action, reason }) => [`\`${patternOf(action)}\` on \`*\``, reason]),
        ...allowedManagedPolicies.map(({ name, reason }) => [`the policy \`${name}\``, reason]),
      ],
    ),
    switching,
  ].join("\n");
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line), ""].join("\n");
}

/** As a policy would write it: `ec2:Describe*`. */
function patternOf({ source }: RegExp): string {
  return source.replace(/^\^|\$$/g, "").replace("\\w+", "*");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../docs/policy.md"), policyMarkdown());
}
