import type { Figures } from "./report.ts";
import { rates } from "./dag-files.ts";
import type { RunTimes } from "./runs.ts";
import { median } from "./statistics.ts";

const targetSeconds = 15;
const targetBestSeconds = 8;

/** What tasks cost with one executor and source of DAGs. */
export interface VariantCost {
  name: string;
  /** Of the DAG with one task. */
  runs: RunTimes[];
  /** By entry of `rates`; empty where their DAGs are not there. */
  perMinute: number[];
}

/** @param bareSeconds of each bare pod */
export function taskFigures(bareSeconds: number[], costs: VariantCost[], caveats: string[]): Figures {
  const bare = median(bareSeconds);
  const overheads = costs.map(({ name, runs }) => ({ name, value: median(runs.map(({ seconds }) => seconds)) - bare }));
  const best = overheads.toSorted((a, b) => a.value - b.value)[0];
  const each = (values: number[]) => values.map((value) => value.toFixed(1)).join(", ");
  const rows = [
    ["a bare pod", bare, "", "", each(bareSeconds)],
    ...costs.map(({ name, runs }, i) => [
      name,
      median(runs.map(({ seconds }) => seconds)),
      overheads[i]?.value ?? "",
      median(runs.map(({ taskStartSeconds }) => taskStartSeconds)),
      each(runs.map(({ seconds }) => seconds)),
    ]),
  ];
  return {
    tables: [
      {
        title: "A run of one task",
        columns: ["with", "median s", "more than the bare pod s", "until the task starts s", "each run s"],
        rows,
      },
      {
        title: "Tasks per minute",
        columns: ["with", ...rates.map(({ atOnce, tasks }) => `${tasks} tasks, ${atOnce} at once`)],
        rows: costs.map(({ name, perMinute }) => [name, ...rates.map((_, i) => perMinute[i] ?? "not measured")]),
      },
    ],
    targets: [
      ...overheads.map(({ name, value }) => ({ name: `overhead with ${name}, s`, value, limit: targetSeconds })),
      {
        name: `overhead with the best${best === undefined ? "" : `, ${best.name}`}, s`,
        value: best?.value ?? null,
        limit: targetBestSeconds,
      },
    ],
    caveats,
  };
}
