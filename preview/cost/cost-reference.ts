// Writes docs/cost.md from the price tables; tests/preview/cost.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { entry } from "../../lib/entry.ts";

const tables = Object.entries(cloudsByKind).map(([kind, { billing }]) => ({ kind, ...billing.prices }));
const dates = [...new Set(tables.map(({ seen }) => seen))];

const intro = `# Cost

Made from \`components/cluster/<kind>/data/prices.ts\` by \`node_modules/.bin/node preview/cost/cost-reference.ts\`; do not edit.

\`make preview STACK=…\` ends with an estimate for a month where the stack makes a cluster in a cloud, and \`make preview-diff\`
shows how a change moves it. It multiplies what the program asks for by the list prices below: the fewest nodes of each
group, disks and volumes by their sizes, 730 hours a month. Spot nodes, GPUs and whatever else has no row are named as
missing, and the total is a lower bound then.

Not in it, since they depend on use: traffic, requests, logs, metrics, backups, objects in buckets, nodes beyond the fewest.
Nor are free tiers, discounts and taxes. Each cloud's own calculator is what to decide by.

## Prices

Looked up on ${dates.join(", ")}, as far as public places show them.
`;

const outro = `
## Bringing the table up to date

Look each price up again, in the sources above or in the clouds' own lists, change its row in
\`components/cluster/<kind>/data/prices.ts\`, set the date at its top to the day, and run the command at the top. A price that you have not seen has no row.
`;

/** The whole page. */
export function costMarkdown(): string {
  const lines = tables.flatMap(({ kind, rows, sources }) =>
    rows.map(({ sku, region, usd, per, source }) => {
      const { url, asOf } = entry(sources, "source")(source);
      const date = asOf === "unknown" ? "no date" : asOf;
      return `| ${kind} ${sku} | ${region} | ${usd} | ${per} | [${source}](${url}), ${date} |`;
    }),
  );
  return [
    intro,
    "| what | region | USD | per | source and its date |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    outro,
  ].join("\n");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../../docs/cost.md"), costMarkdown());
}
