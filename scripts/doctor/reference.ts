// Writes docs/doctor.md from the checks; tests/doctor/reference.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { checks } from "./checks.ts";

const intro = `# Doctor

Generated from the checks in \`scripts/doctor/\` by \`node_modules/.bin/node scripts/doctor/reference.ts\`; do not edit.

\`\`\`sh cluster
make doctor                                  # or NAMESPACE=mlops CONTEXT=name; JSON=1 for programs
\`\`\`

It examines a live or half-broken deployment with \`kubectl\` alone and changes nothing. It prints a table with a line for each
finding: the command that fixes it, and a public thread about it. The exit status is 0 without findings, 1 with findings, and 2
if nothing was found but something could not be read, which it names with the reason. It prints no secret and sends none out.

**Permissions.** The ClusterRole \`view\` in the namespaces of the platform and its projects is enough for most checks. They also
read nodes, namespaces and storage classes of the whole cluster. \`fernet-key\` and \`old-password\` need the Secrets and \`exec\`
into \`postgres-0\`, where they only select. With a Postgres outside the cluster, \`fernet-key\` queries from Airflow's API server
and \`old-password\` is skipped. The doctor names what it may not read and continues with the other checks.
`;

/** The whole page. */
export function doctorMarkdown(): string {
  return [intro, ...checks.map(section)].join("\n");
}

function section({ id, severity, looksAt, means, remedy, threads, kinds }: Check): string {
  return [
    `## ${id}\n`,
    `${means}\n`,
    `- Severity: ${severity}`,
    `- Looks at: ${looksAt}`,
    `- Reads: ${kinds.join(", ")}`,
    `- Remedy: ${remedy}`,
    `- Threads: ${threads.map(linked).join(", ")}\n`,
  ].join("\n");
}

/** `[apache/airflow#47963](…)`. */
function linked(url: string): string {
  const [, repository = url, number = ""] = /github\.com\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)$/.exec(url) ?? [];
  return `[${repository}#${number}](${url})`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../../docs/doctor.md"), doctorMarkdown());
}
