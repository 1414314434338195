import type { KubernetesObject } from "../../../lib/kubernetes/objects.ts";
import { deploy } from "../../e2e/deploy.ts";
import { removeObjects } from "../../e2e/objects-platform.ts";
import type { Platform } from "../../e2e/platform.ts";
import { byHand } from "./by-hand.ts";
import { trouble, type Trouble } from "./trouble.ts";
import type { BenchTarget } from "./target.ts";
import { newObjectsPlatform, newPlatform } from "./platform.ts";
import { progress, timed } from "./progress.ts";
import type { Cell, Figures } from "./report.ts";
import { median } from "./statistics.ts";

/** One deployment of the platform to an empty cluster. */
export interface Deployment {
  /** undefined where it did not become ready. */
  readySeconds: number | undefined;
  trouble: Trouble;
  /** A second deploy with nothing changed. */
  againSeconds?: number | undefined;
  destroySeconds: number;
}

/** A way to deploy, and how it went each time. */
export interface Way {
  name: string;
  deployments: Deployment[];
}

const rounds = 3;
const handTarget = 0.7;

export async function measureReady({ kubeconfig, dags }: BenchTarget): Promise<Figures> {
  const known = await newObjectsPlatform(kubeconfig, dags);
  const objects = await known.objects();
  const parts = byHand(objects);
  const program: Way = { name: "the program's order", deployments: [] };
  const atOnce: Way = { name: "all objects at once", deployments: [] };
  const hand: Way = { name: `by hand, in ${parts.length} parts`, deployments: [] };
  // In turn, since what else the machine does changes from one quarter of an hour to the next.
  for (let round = 1; round <= rounds; round++) {
    program.deployments.push(await byProgram(program.name, await newPlatform(kubeconfig, dags)));
    atOnce.deployments.push(await byKubectl(atOnce.name, kubeconfig, [objects]));
    hand.deployments.push(await byKubectl(hand.name, kubeconfig, parts));
  }
  return readyFigures(
    [program, atOnce, hand],
    [
      ...(known.leftOut.length === 0
        ? []
        : [`No run deploys these workloads, because no node has their image: ${known.leftOut.join(", ")}.`]),
      ...(known.hasChart ? [] : ["Without the chart: no run deploys Airflow."]),
    ],
  );
}

/** The table and the targets; the first way is the program's, the last the one by hand. */
export function readyFigures(ways: Way[], caveats: string[]): Figures {
  const [program] = ways.map(readySecondsOf);
  const hand = ways.map(readySecondsOf).at(-1);
  const ratio = (seconds: number | undefined) =>
    seconds === undefined || hand === undefined ? undefined : seconds / hand;
  const rows = ways.map((way): Cell[] => {
    const { name, deployments } = way;
    const again = deployments.flatMap(({ againSeconds }) => againSeconds ?? []);
    return [
      name,
      readySecondsOf(way) ?? "not ready",
      ratio(readySecondsOf(way)) ?? "",
      troubleIn(way, "restarts"),
      troubleIn(way, "failedPods"),
      again.length === 0 ? "" : median(again),
      median(deployments.map(({ destroySeconds }) => destroySeconds)),
      deployments.map(({ readySeconds }) => readySeconds?.toFixed(0) ?? "not ready").join(", "),
    ];
  });
  return {
    tables: [
      {
        title: "Ways to deploy",
        columns: [
          ...["way", "ready s", "relative to by hand", "restarts", "failed pods", "again, unchanged s", "destroy s"],
          "each run, ready s",
        ],
        rows,
      },
    ],
    targets: [
      {
        name: "time to ready in the program's order, relative to by hand",
        value: ratio(program) ?? null,
        limit: handTarget,
      },
      {
        name: "container restarts in the program's order, all runs",
        value: ways[0] === undefined ? null : troubleIn(ways[0], "restarts"),
        limit: 0,
      },
    ],
    caveats,
  };
}

/** undefined where it did not become ready each time. */
function readySecondsOf({ deployments }: Way): number | undefined {
  const seconds = deployments.flatMap(({ readySeconds }) => readySeconds ?? []);
  return seconds.length === deployments.length ? median(seconds) : undefined;
}

/** Of all times together. */
function troubleIn({ deployments }: Way, kind: keyof Trouble): number {
  return deployments.reduce((sum, { trouble }) => sum + trouble[kind], 0);
}

async function byProgram(way: string, platform: Platform): Promise<Deployment> {
  const found = { readySeconds: 0, againSeconds: 0, destroySeconds: 0, trouble: { restarts: 0, failedPods: 0 } };
  try {
    found.readySeconds = await timed(`deploying in ${way}`, () => platform.apply());
    found.trouble = await trouble(platform.kubeconfig);
    found.againSeconds = await timed("deploying the same again", () => platform.apply());
  } finally {
    found.destroySeconds = await timed("destroying it", () => platform.destroy());
  }
  return found;
}

async function byKubectl(way: string, kubeconfig: string, parts: KubernetesObject[][]): Promise<Deployment> {
  let readySeconds: number | undefined;
  try {
    readySeconds = await timed(`deploying ${way}`, () => deploy(kubeconfig, parts));
  } catch (error) {
    progress(`${way}: ${String(error)}`);
  }
  const found = await trouble(kubeconfig);
  const destroySeconds = await timed("destroying it", () => removeObjects(kubeconfig, parts.flat()));
  return { readySeconds, trouble: found, destroySeconds };
}
