// Writes docs/cost.md from the price tables and the stacks; tests/preview/cost.test.ts fails when it is stale.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { lookup } from "../../lib/lookup.ts";
import { exampleStacks } from "../example-stacks.ts";
import { render } from "../render.ts";
import { costOfProfile, type ProfileCost, profiles, profileTable } from "./profiles.ts";

const tables = Object.entries(cloudsByKind).map(([kind, { billing }]) => ({
  kind,
  ...billing.prices,
  what: Object.values(billing.byUse),
}));
const dates = [...new Set(tables.map(({ seen }) => seen))];

const byUse = [
  "Billed by use alone, and not in the table:",
  "",
  ...tables.map(({ kind, what }) => `- ${kind}: ${what.join(", ")}`),
].join("\n");

const intro = `# Cost

Generated from \`components/cluster/<kind>/data/prices.ts\` by \`node_modules/.bin/node preview/cost/cost-reference.ts\`; do not edit.

For a stack that creates a cluster in a cloud, \`make preview STACK=…\` shows a monthly estimate, and \`make preview-diff\` shows
how a change affects it. The estimate multiplies the requested resources by the list prices below: the minimum number of nodes in
each group, disks and volumes by their sizes, 730 hours a month. It names items without a price, such as GPUs; the
total is then a lower bound. The checked-in stacks are in regions where each of their resources has a price.

It omits costs that depend on use (traffic, requests, logs such as EKS's control plane logs, metrics, backups, objects in buckets,
images in registries, additional nodes), and discounts and taxes. Where a free tier pays for a part of it, the preview says so. Use
each cloud's own calculator for decisions.

## A month of each profile

In USD, while nothing runs. \`gke\` and \`eks\` are the checked-in stacks; \`small-gke\` and \`small-eks\` are
[example stacks](../examples/stacks/README.md#the-small-profile). This table is the previews' own estimate.

TABLE

BYUSE

The free tier of Google pays for the control plane of one zonal cluster of a billing account. A spot node, with its disk and its
address, runs while tasks run, and about ten minutes longer. Its price follows the demand: the table below has what the source read
on its day. It never exceeds the price of the same machine without spot.

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
export function costMarkdown(costs: readonly ProfileCost[]): string {
  const lines = tables.flatMap(({ kind, rows, sources }) =>
    rows.map(({ sku, region, usd, per, source }) => {
      const { url, asOf } = lookup(sources, "source")(source);
      const date = asOf === "unknown" ? "no date" : asOf;
      return `| ${kind} ${sku} | ${region} | ${usd} | ${per} | [${source}](${url}), ${date} |`;
    }),
  );
  return [
    intro.replace("TABLE", profileTable(costs)).replace("BYUSE", byUse),
    "| item | region | USD | per | source and its date |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    outro,
  ].join("\n");
}

async function profileCosts(program: string): Promise<ProfileCost[]> {
  const examples = exampleStacks(program);
  const costs: ProfileCost[] = [];
  for (const profile of profiles) {
    const folder = profile.isExample ? examples.folder : program;
    costs.push(costOfProfile(profile, await render({ folder, stack: profile.stack, download: false })));
  }
  rmSync(examples.folder, { recursive: true });
  return costs;
}

if (process.argv[1] === import.meta.filename) {
  const program = join(import.meta.dirname, "../..");
  writeFileSync(join(program, "docs/cost.md"), costMarkdown(await profileCosts(program)));
}
