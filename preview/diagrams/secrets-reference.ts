// Writes docs/secrets.md from the components' descriptions; tests/docs/security-docs.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { podGroupNames, podGroups, secrets } from "../../components/parts.ts";

const intro = `# Secrets and open ports

Generated from the descriptions of the components, \`components/<part>/description.ts\`, by
\`node_modules/.bin/node preview/diagrams/secrets-reference.ts\`; do not edit. [security.md](security.md) explains both.

## Secrets

To renew a value, increase the key in the column "renewed with" by one and deploy. The pods that read the value restart.
`;

const portsIntro = `
## Ports

This table shows what each port answers without a login, to any client that can connect to it.
`;

/** The whole page. */
export function secretsMarkdown(): string {
  const rows = secrets.map(({ names, holds, readBy, renewedWith }) => [code(names), holds, readBy, renewedWith]);
  const answers = podGroupNames.flatMap((group) =>
    Object.entries(podGroups[group].withoutLogin ?? {}).map(([port, answer]) => ({
      name: portName(group, port),
      answer,
    })),
  );
  const ports = [...Map.groupBy(answers, ({ answer }) => answer)].map(([answer, group]) => [
    code(group.map(({ name }) => name)),
    answer,
  ]);
  return [
    intro,
    ...table(["Secret", "holds", "read by", "renewed with"], rows),
    portsIntro,
    ...table(["port", "answers without a login"], ports),
    "",
  ].join("\n");
}

/** A port as `mlflow:5000`. */
export function portName(group: keyof typeof podGroups, port: string): string {
  const { ports = {}, udpPorts = [] } = podGroups[group];
  const number = ports[port];
  return `${group}:${number ?? ""}${number !== undefined && udpPorts.includes(number) ? "/UDP" : ""}`;
}

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../../docs/secrets.md"), secretsMarkdown());
}
