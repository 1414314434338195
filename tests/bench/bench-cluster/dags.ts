import { setTimeout as sleep } from "node:timers/promises";
import { at } from "../../../lib/json.ts";
import type { AirflowApi } from "../../e2e/airflow-api.ts";
import type { Session } from "../../e2e/session.ts";
import { generatedTag, probeDag, removeGenerated, writeGenerated } from "./dag-files.ts";
import type { BenchTarget } from "./target.ts";
import { progress } from "./progress.ts";
import type { Figures } from "./report.ts";
import { type RunTimes, timesOf, timesOfRun } from "./runs.ts";
import { percentile } from "./statistics.ts";

const counts = [10, 100, 1000];
const probes = 20;
const limitSeconds = 900;
const targetDelaySeconds = 5;

/** What so many DAGs cost. */
export interface DagCost {
  dags: number;
  /** Of the files that were written last, until all DAGs are in the API; undefined where they were not in time. */
  parsedSeconds: number | undefined;
  runs: RunTimes[];
}

export async function measureDags({ dags }: BenchTarget, { airflow }: Session): Promise<Figures> {
  await timesOfRun(airflow, probeDag);
  const costs: DagCost[] = [];
  try {
    let written = 0;
    for (const count of counts) {
      await writeGenerated(dags, written + 1, count);
      const parsedSeconds = await secondsUntilParsed(airflow, count);
      written = count;
      costs.push({ dags: count, parsedSeconds, runs: await probeRuns(airflow) });
    }
  } finally {
    await removeGenerated(dags);
  }
  return dagFigures(costs);
}

/** undefined where they are not all there in time. */
async function secondsUntilParsed(airflow: AirflowApi, count: number): Promise<number | undefined> {
  progress(`dags: waiting until ${count} are parsed`);
  const started = performance.now();
  for (;;) {
    const answer = await airflow.request("GET", `/dags?tags=${generatedTag}&limit=1`).catch(() => undefined);
    const seconds = (performance.now() - started) / 1000;
    const known = Number(at(answer, "total_entries") ?? 0);
    if (known >= count) return seconds;
    if (seconds > limitSeconds) {
      progress(`dags: ${known} of ${count} after ${limitSeconds} s`);
      return undefined;
    }
    await sleep(1000);
  }
}

/** Runs of the probe, started one a second. */
async function probeRuns(airflow: AirflowApi): Promise<RunTimes[]> {
  progress(`dags: ${probes} runs`);
  const ids: string[] = [];
  for (let run = 0; run < probes; run++) {
    ids.push(await airflow.trigger(probeDag));
    await sleep(1000);
  }
  const times: RunTimes[] = [];
  for (const id of ids) times.push(await timesOf(airflow, probeDag, id));
  return times;
}

export function dagFigures(costs: DagCost[]): Figures {
  const p95 = ({ runs }: DagCost, of: (times: RunTimes) => number) => percentile(runs.map(of), 95);
  const rows = costs.map((cost, i) => [
    cost.dags,
    cost.dags - (costs[i - 1]?.dags ?? 0),
    cost.parsedSeconds ?? `more than ${limitSeconds}`,
    p95(cost, ({ startSeconds }) => startSeconds),
    p95(cost, ({ taskStartSeconds }) => taskStartSeconds),
  ]);
  const most = costs.at(-1);
  return {
    tables: [
      {
        title: "DAGs in the folder",
        columns: ["DAGs", "added", "until listed by the API s", "delay of a run, p95 s", "delay of its task, p95 s"],
        rows,
      },
    ],
    targets: [
      {
        name: `${most?.dags ?? 0} DAGs: scheduling delay p95, s`,
        value: most === undefined ? null : p95(most, ({ startSeconds }) => startSeconds),
        limit: targetDelaySeconds,
      },
      ...costs.slice(1).map((cost, i) => growthOf(costs[i], cost)),
    ],
    caveats: [
      "The files of earlier rows stay: each time is for the files that the row adds.",
      "Each time includes up to 30 s until Airflow scans the folder again.",
    ],
  };
}

/** Time of the files that were added, against linear growth. */
function growthOf(before: DagCost | undefined, after: DagCost) {
  const [first, second] = [before?.parsedSeconds, after.parsedSeconds];
  return {
    name: `parsing: growth from ${before?.dags ?? 0} to ${after.dags} DAGs`,
    value: first === undefined || second === undefined ? null : second / first,
    limit: after.dags / (before?.dags ?? 1),
  };
}
