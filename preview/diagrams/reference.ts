// Writes docs/diagrams/ from the stacks' own resources; tests/config/reference.test.ts fails when a file is stale.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { type Rendering, render } from "../render.ts";
import { type Architecture, architectureOf } from "./architecture.ts";
import { architectureMermaid } from "./architecture-mermaid.ts";
import { architectureSvg } from "./architecture-svg.ts";
import { treeOf } from "./tree.ts";
import { treeSvg } from "./tree-svg.ts";
import { treeText } from "./tree-text.ts";

const folder = join(import.meta.dirname, "../..");

/** The stack whose data stores run in its cluster. */
const platform = "minikube";
/** Those that may keep theirs in a cloud's service; the checked-in stack of each cloud has the name of its kind. */
const others = Object.keys(cloudsByKind);

/** Each file of docs/diagrams/ by its name; the same bytes wherever the stacks are the same. */
export async function diagramFiles(): Promise<Map<string, string>> {
  // Diagrams must not depend on whether helm can fetch the chart.
  const rendered = (stack: string) => render({ folder, stack, download: false });
  const first = await rendered(platform);
  // One after the other: the runtime that records them is one for the process.
  const rest: Rendering[] = [];
  for (const stack of others) rest.push(await rendered(stack));
  const architecture = architectureOf(first, rest);
  return new Map([
    ["README.md", overview(architecture)],
    ["architecture.svg", architectureSvg(architecture)],
    ...[first, ...rest].flatMap(stackFiles),
  ]);
}

function stackFiles({ stack: { stack }, resources }: Rendering): [string, string][] {
  const tree = treeOf(resources);
  return [
    [`${stack}.svg`, treeSvg(stack, tree)],
    [`${stack}.txt`, treeText(stack, tree)],
  ];
}

/** Mermaid for what has arrows, a plain tree for what is one: each is the form that a review's difference is clearest in. */
function overview(architecture: Architecture): string {
  const sections = [platform, ...others].map((stack) =>
    [
      `## The stack ${stack}`,
      "",
      `![Components of the stack ${stack}](${stack}.svg)`,
      "",
      `As text: [${stack}.txt](${stack}.txt).`,
      "",
    ].join("\n"),
  );
  return [`${intro}\n\`\`\`mermaid\n${architectureMermaid(architecture)}\`\`\`\n`, ...sections].join("\n");
}

const intro = `# Diagrams

Generated from the stacks' own resources by \`node_modules/.bin/node preview/diagrams/reference.ts\`; do not edit.

## Who talks to whom

![The platform's components and their connections](architecture.svg)

Each box is a group of pods. Each arrow is a connection that a NetworkPolicy of the stack allows; all others are denied. The diagram
omits the cluster's DNS, which every pod may query, and connections inside a box; [docs/network.md](../network.md) lists all. In the
cloud stacks, the managed database replaces Postgres, and the bucket replaces MinIO's storage. The same diagram as text:
`;

if (process.argv[1] === import.meta.filename) {
  const target = join(folder, "docs/diagrams");
  mkdirSync(target, { recursive: true });
  for (const [name, content] of await diagramFiles()) writeFileSync(join(target, name), content);
}
