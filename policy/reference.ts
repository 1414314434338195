// Writes docs/policy.md from the rules; tests/policy/reference.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clouds } from "../components/cluster/kinds.ts";
import { allowedRegistries } from "./allow-lists.ts";
import { exceptions } from "./exceptions.ts";
import { rules } from "./rules.ts";

const intro = `# Policies

Generated from the rules in \`policy/\` by \`node_modules/.bin/node policy/reference.ts\`; do not edit.

The same rules check a stack in three places:

- \`make preview\`, offline. A violated mandatory rule ends it with status 1. \`make preview-diff\` names new violations. Only
  \`make preview-diff\` checks \`data-not-deleted\`, because the engine does not show the previous state to rules; the engine
  enforces it with the option protect.
- \`scripts/pulumi preview --policy-pack policy\`, and \`up\` with the same flag, through CrossGuard. The pack needs no
  installation. It runs from this checkout and shares code with \`preview/\`, so \`pulumi policy publish\` does not work for it.
- CI, which runs both.

Offline, the rules check every resource, and after \`make chart\` the objects of the Airflow chart. Without helm and the chart,
they check Airflow's pods as the chart's values describe them: images, requests, security contexts, replicas, labels. Rules skip
values that are unknown before a deployment.

**Production** is a value of the label \`environment\` of the resource, or of the stack's configuration key \`labels\`. Without
that label, a cloud resource counts as production, and a Kubernetes object does not, so a missing label protects too much rather
than too little. For a cloud stack that may be deleted, set:

\`\`\`yaml
config:
  mlops:labels: { cost-center: ml, environment: development }
\`\`\`

**To change a rule,** edit its file in \`policy/rules/\`, and add an example that passes and one that fails to
\`tests/policy/examples/\`. **To permit one resource,** add it with a reason to \`policy/exceptions.ts\`. A cloud's checks of its
resources and its exceptions are in \`components/cluster/<kind>/data/policy/\`.
`;

const switching = `## Turning a rule off for one run

CrossGuard reads a pack's configuration: \`--policy-pack-config file.json\` with \`{"cost-labels": "disabled"}\` disables a rule,
and \`{"cost-labels": "mandatory"}\` makes it stop a deployment. Permanent decisions belong in \`policy/exceptions.ts\`, where
reviewers see them.
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
        ...clouds.flatMap(({ policy }) => policy.allowed.map(({ permission, reason }) => [permission, reason])),
      ],
    ),
    switching,
  ].join("\n");
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line), ""].join("\n");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../docs/policy.md"), policyMarkdown());
}
