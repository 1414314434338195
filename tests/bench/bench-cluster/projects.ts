import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { podSpecOf } from "../../../lib/kubernetes/demand.ts";
import { isObject } from "../../../lib/json.ts";
import type { KubernetesObject } from "../../../lib/kubernetes/objects.ts";
import { render } from "../../../preview/render.ts";
import { asConfig } from "../../e2e/configuration.ts";
import { deploy, objectsByWave } from "../../e2e/deploy.ts";
import { removeObjects } from "../../e2e/objects-platform.ts";
import { folder } from "../../program/program-cases.ts";
import type { BenchTarget } from "./target.ts";
import { configuration } from "./platform.ts";
import { progress, timed } from "./progress.ts";
import { projectNames } from "./project-names.ts";
import type { Figures, Target } from "./report.ts";
import { median } from "./statistics.ts";

const counts = [1, 10, 50];
const previews = 3;

/** Workloads that the projects' part of a deployment needs; all others are left out. */
const needed = ["postgres", "minio", "databases", "minio-provision", "mlflow", "mlflow-setup", "mlflow-provision"];

/** What so many projects cost. */
export interface ProjectCost {
  projects: number;
  previewSeconds: number;
  previewMiB: number;
  objects: number;
  deploySeconds: number;
}

export async function measureProjects({ kubeconfig, dags }: BenchTarget): Promise<Figures> {
  const costs: ProjectCost[] = [];
  for (const projects of counts) {
    costs.push({ projects, ...(await preview(projects)), ...(await deployed(kubeconfig, dags, projects)) });
  }
  return projectFigures(costs);
}

async function preview(projects: number): Promise<Pick<ProjectCost, "previewSeconds" | "previewMiB">> {
  progress(`projects: previews with ${projects}`);
  const script = join(import.meta.dirname, "preview-process.ts");
  const costs: { seconds: number; memoryMiB: number }[] = [];
  for (let run = 0; run < previews; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, String(projects)], { cwd: folder });
    costs.push(JSON.parse(stdout) as { seconds: number; memoryMiB: number });
  }
  return {
    previewSeconds: median(costs.map(({ seconds }) => seconds)),
    previewMiB: median(costs.map(({ memoryMiB }) => memoryMiB)),
  };
}

async function deployed(
  kubeconfig: string,
  dags: string,
  projects: number,
): Promise<Pick<ProjectCost, "objects" | "deploySeconds">> {
  const config = asConfig(configuration(dags, projectNames(projects)));
  const rendering = await render({ folder, stack: "minikube", config, generate: true, download: false });
  const waves = objectsByWave(rendering).map((objects) => objects.filter(isNeeded));
  const objects = waves.flat();
  try {
    const deploySeconds = await timed(`projects: deploying ${projects}`, () => deploy(kubeconfig, waves));
    return { objects: objects.length, deploySeconds };
  } finally {
    await timed("projects: removing them", () => removeObjects(kubeconfig, objects));
  }
}

/** Everything but the workloads of Airflow, monitoring and backup. */
export function isNeeded(object: KubernetesObject): boolean {
  const { labels } = object.metadata;
  const app = isObject(labels) ? String(labels["app.kubernetes.io/name"]) : "";
  return podSpecOf(object) === undefined || needed.includes(app);
}

export function projectFigures(costs: ProjectCost[]): Figures {
  const growth = (what: string, of: (cost: ProjectCost) => number): Target[] =>
    costs.slice(1).map((cost, i) => {
      const before = costs[i] ?? cost;
      const name = `${what}: growth from ${before.projects} to ${cost.projects} projects`;
      return { name, value: of(cost) / of(before), limit: cost.projects / before.projects };
    });
  return {
    tables: [
      {
        title: "Projects in the stack",
        columns: ["projects", "preview s", "preview, peak MiB", "objects deployed", "deploy s"],
        rows: costs.map(({ projects, previewSeconds, previewMiB, objects, deploySeconds }) => [
          projects,
          previewSeconds,
          previewMiB,
          objects,
          deploySeconds,
        ]),
      },
    ],
    targets: [
      ...growth("preview time", ({ previewSeconds }) => previewSeconds),
      ...growth("preview memory", ({ previewMiB }) => previewMiB),
      ...growth("deploy time", ({ deploySeconds }) => deploySeconds),
    ],
    caveats: [
      "kubectl deploys the objects in the program's order, each time to an empty cluster.",
      "The preview omits the chart, because its objects do not depend on the number of projects.",
    ],
  };
}
