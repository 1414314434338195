import { render } from "../../../preview/render.ts";
import { nameOf } from "../../../lib/kubernetes/objects.ts";
import { kubectl } from "../../cluster.ts";
import { asConfig } from "../../e2e/configuration.ts";
import { missingImages, nodeImages } from "../../e2e/node-images.ts";
import type { Changes, Platform } from "../../e2e/platform.ts";
import type { Session } from "../../e2e/session.ts";
import { readPlatformJson } from "../../../scripts/platform/platform-json.ts";
import { projectPod } from "../../../scripts/verify/project-pod.ts";
import { chart, folder } from "../../program/program-cases.ts";
import { allObjects } from "../../program/program-objects.ts";
import { rateDag, rates } from "./dag-files.ts";
import type { BenchTarget } from "./target.ts";
import { airflow as airflowValues, configuration, project } from "./platform.ts";
import { progress, timed } from "./progress.ts";
import { type RunTimes, timesOfRun } from "./runs.ts";
import type { Figures } from "./report.ts";
import { taskFigures, type VariantCost } from "./task-figures.ts";

const counted = 5;
const dag = "platform_check";

/** A way to run Airflow that a task is measured with. */
interface Variant {
  name: string;
  /** undefined: as it runs already. */
  changes: Changes | undefined;
  /** Whether the DAGs of the rates are there; those of the image are the project's own alone. */
  hasRates: boolean;
}

export async function measureTasks({ dags }: BenchTarget, session: Session): Promise<Figures> {
  const bareSeconds = await barePods(session);
  const costs: VariantCost[] = [];
  const caveats: string[] = [];
  for (const { name, changes, hasRates } of variants(session.platform, dags)) {
    const missing = changes === undefined ? [] : await missingFor(session.platform, dags, changes);
    if (missing.length > 0) {
      caveats.push(`Not measured, because no node has ${missing.join(", ")}: ${name}.`);
      continue;
    }
    try {
      if (changes !== undefined) await timed(`tasks: deploying ${name}`, () => session.platform.apply(changes));
      costs.push({ name, ...(await measureVariant(session, name, hasRates)) });
    } catch (error) {
      const [reason] = String(error).split("\n");
      progress(`tasks: ${name}: ${String(error)}`);
      caveats.push(`Not measured, because a deployment or a run failed (${reason?.slice(0, 200) ?? ""}): ${name}.`);
    }
  }
  if (!session.platform.hasChart) caveats.push("Without the chart: Airflow's processes run outside the cluster.");
  return taskFigures(bareSeconds, costs, caveats);
}

/** The one that runs already comes first. */
function variants({ hasChart }: Platform, dags: string): Variant[] {
  if (!hasChart) return [{ name: "LocalExecutor, processes", changes: undefined, hasRates: true }];
  const hostPath = (executor: string) => ({
    name: `${executor}, DAGs by hostPath`,
    changes: { airflow: airflowValues(dags, executor) },
    hasRates: true,
  });
  const image = { executor: "KubernetesExecutor", dags: { kind: "image" } };
  return [
    { name: "KubernetesExecutor, DAGs by hostPath", changes: undefined, hasRates: true },
    { name: "KubernetesExecutor, DAGs in the image", changes: { airflow: image }, hasRates: false },
    hostPath("LocalExecutor"),
    hostPath("CeleryExecutor"),
  ];
}

/** The images that changes need and no node holds, without those that the platform does without anyway. */
async function missingFor({ kubeconfig, leftOut }: Platform, dags: string, changes: Changes): Promise<string[]> {
  const held = await nodeImages(kubeconfig);
  const config = asConfig({ ...configuration(dags), ...changes });
  const objects = allObjects(await render({ folder, stack: "minikube", config, chart }));
  const wanted = objects.filter((object) => !leftOut.includes(nameOf(object)));
  return [...new Set(wanted.flatMap((object) => missingImages(object, held)))];
}

async function measureVariant(
  { airflow }: Session,
  name: string,
  hasRates: boolean,
): Promise<Omit<VariantCost, "name">> {
  progress(`tasks: ${counted + 1} runs with ${name}`);
  const runs: RunTimes[] = [];
  for (let run = 0; run <= counted; run++) runs.push(await timesOfRun(airflow, dag));
  const perMinute: number[] = [];
  for (const { atOnce, tasks } of hasRates ? rates : []) {
    progress(`tasks: ${tasks} tasks, ${atOnce} at once, with ${name}`);
    perMinute.push((60 * tasks) / (await timesOfRun(airflow, rateDag(atOnce))).seconds);
  }
  return { runs: runs.slice(1), perMinute };
}

/** Seconds of each bare pod, from its creation to its success, after one that is not counted. */
async function barePods(session: Session): Promise<number[]> {
  const { kubeconfig } = session.platform;
  const platform = readPlatformJson(session.target);
  const name = "bench-bare";
  const pod = projectPod(platform, { project, name, image: "pandas-basic", component: "bench", args: ["check"] });
  const inNamespace = ["--namespace", platform.projects[project]?.namespace ?? project];
  const seconds: number[] = [];
  for (let run = 0; run <= counted; run++) {
    try {
      seconds.push(
        await timed("tasks: a bare pod", async () => {
          await kubectl(kubeconfig, ["create", "--filename", "-"], JSON.stringify(pod));
          const done = "--for=jsonpath={.status.phase}=Succeeded";
          await kubectl(kubeconfig, ["wait", done, `pod/${name}`, ...inNamespace, "--timeout=180s"]);
        }),
      );
    } finally {
      await kubectl(kubeconfig, ["delete", "pod", name, ...inNamespace, "--ignore-not-found"]);
    }
  }
  return seconds.slice(1);
}
