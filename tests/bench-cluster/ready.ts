import type { KubernetesObject } from "../../preview/objects.ts";
import { deploy } from "../e2e/deploy.ts";
import { removeObjects } from "../e2e/objects-platform.ts";
import type { Platform } from "../e2e/platform.ts";
import { byHand } from "./by-hand.ts";
import { trouble, type Trouble } from "./trouble.ts";
import type { Place } from "./place.ts";
import { newObjectsPlatform, newPlatform } from "./platform.ts";
import { progress, timed } from "./progress.ts";
import type { Cell, Figures } from "./report.ts";

/** One deployment of the platform to an empty cluster. */
export interface Deployment {
  way: string;
  /** undefined where it did not become ready. */
  readySeconds: number | undefined;
  trouble: Trouble;
  /** A second deploy with nothing changed. */
  againSeconds?: number | undefined;
  destroySeconds: number;
}

const handTarget = 0.7;

export async function measureReady({ kubeconfig, dags }: Place): Promise<Figures> {
  const platform = await newPlatform(kubeconfig, dags);
  const { deployer, leftOut, hasChart } = platform;
  const found: Deployment[] = [await byProgram(`the program's order, by ${deployer}`, platform)];
  const plain = await newObjectsPlatform(kubeconfig, dags);
  if (plain.deployer !== deployer) found.push(await byProgram("the same order, by kubectl", plain));
  const objects = await plain.objects();
  found.push(await byKubectl("all objects at once", kubeconfig, [objects]));
  const parts = byHand(objects);
  found.push(await byKubectl(`by hand, in ${parts.length} parts`, kubeconfig, parts));
  return readyFigures(found, [
    "Each way was measured once, in the order of the table: the first finds the coldest caches.",
    ...(leftOut.length === 0 ? [] : [`Left out of every way, as no node holds the image: ${leftOut.join(", ")}.`]),
    ...(hasChart ? [] : ["Without the chart: Airflow is in none of them."]),
  ]);
}

/** The table and the targets; the first deployment is the program's, the last the one by hand. */
export function readyFigures(found: Deployment[], caveats: string[]): Figures {
  const hand = found.at(-1)?.readySeconds;
  const ratio = (seconds: number | undefined) =>
    seconds === undefined || hand === undefined ? undefined : seconds / hand;
  const rows = found.map(({ way, readySeconds, trouble, againSeconds, destroySeconds }): Cell[] => [
    way,
    readySeconds ?? "not ready",
    ratio(readySeconds) ?? "",
    trouble.restarts,
    trouble.failedPods,
    againSeconds ?? "",
    destroySeconds,
  ]);
  const [program] = found;
  return {
    tables: [
      {
        title: "Ways to deploy",
        columns: ["way", "ready s", "of by hand", "restarts", "failed pods", "again, unchanged s", "destroy s"],
        rows,
      },
    ],
    targets: [
      {
        name: "ready in the program's order, part of the time by hand",
        value: ratio(program?.readySeconds) ?? null,
        limit: handTarget,
      },
      { name: "container restarts in the program's order", value: program?.trouble.restarts ?? null, limit: 0 },
    ],
    caveats,
  };
}

async function byProgram(way: string, platform: Platform): Promise<Deployment> {
  const found = { way, readySeconds: 0, againSeconds: 0, destroySeconds: 0, trouble: { restarts: 0, failedPods: 0 } };
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
  return { way, readySeconds, trouble: found, destroySeconds };
}
