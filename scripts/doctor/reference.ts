// Writes docs/doctor.md from the checks; tests/doctor/reference.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { checks } from "./checks.ts";

const intro = `# Doctor

Made from the checks in \`scripts/doctor/\` by \`node_modules/.bin/node scripts/doctor/reference.ts\`; do not edit.

\`\`\`sh cluster
make doctor                                  # or NAMESPACE=mlops CONTEXT=name; JSON=1 for programs
\`\`\`

It looks at a live or half-broken deployment with \`kubectl\` alone and changes nothing: a table has a line for each
finding, with what to type and a thread of somebody who met it. It ends with status 0 where nothing is wrong, 1 with
findings, and 2 where nothing is found but something could not be looked at, which it names with the reason; a cluster
that does not answer is one sentence. No secret is printed, and none leaves the process.

**What it may read.** The ClusterRole \`view\` in the namespaces of the platform and its projects does for most checks;
nodes, namespaces and storage classes are read of the whole cluster. \`fernet-key\` and \`old-password\` need the Secrets and
\`exec\` into \`postgres-0\`, where they only select. With a Postgres outside the cluster \`fernet-key\` asks from Airflow's
API server and \`old-password\` has nothing to look at. What may not be read is named, and the other checks go on.
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
