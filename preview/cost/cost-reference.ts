// Writes docs/cost.md from the price tables; tests/preview/cost.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { lookup } from "../../lib/lookup.ts";

const tables = Object.entries(cloudsByKind).map(([kind, { billing }]) => ({ kind, ...billing.prices }));
const dates = [...new Set(tables.map(({ seen }) => seen))];

const intro = `# Cost

Generated from \`components/cluster/<kind>/data/prices.ts\` by \`node_modules/.bin/node preview/cost/cost-reference.ts\`; do not edit.

For a stack that creates a cluster in a cloud, \`make preview STACK=…\` shows a monthly estimate, and \`make preview-diff\` shows
how a change affects it. The estimate multiplies the requested resources by the list prices below: the minimum number of nodes in
each group, disks and volumes by their sizes, 730 hours a month. It names items without a price, such as spot nodes and GPUs; the
total is then a lower bound. The checked-in stacks are in regions where each of their resources has a price.

It omits costs that depend on use (traffic, requests, logs, metrics, backups, objects in buckets, additional nodes), and free tiers,
discounts and taxes. Use each cloud's own calculator for decisions.

## Prices

Prices from public sources on ${dates.join(", ")}.
`;

const outro = `
## Updating the table

Look up each price in the sources above or in the clouds' own lists, change its row in
\`components/cluster/<kind>/data/prices.ts\`, update the date at its top, and run the command at the top. Do not add a row for a
price that you have not seen.
`;

/** The whole page. */
export function costMarkdown(): string {
  const lines = tables.flatMap(({ kind, rows, sources }) =>
    rows.map(({ sku, region, usd, per, source }) => {
      const { url, asOf } = lookup(sources, "source")(source);
      const date = asOf === "unknown" ? "no date" : asOf;
      return `| ${kind} ${sku} | ${region} | ${usd} | ${per} | [${source}](${url}), ${date} |`;
    }),
  );
  return [
    intro,
    "| item | region | USD | per | source and its date |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    outro,
  ].join("\n");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../../docs/cost.md"), costMarkdown());
}
