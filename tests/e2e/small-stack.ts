import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { charts } from "../../components/charts.ts";
import { isObject } from "../../lib/json.ts";
import type { EngineProject } from "../engine/project.ts";

/** Of every small stack. */
export const projects = ["pageviews", "verify"];

/** Airflow and the servers of monitoring would take minutes to start; their accounts and rights are there. */
const leftOut = [
  ...["alertmanager", "grafana", "kube-state-metrics", "postgres-exporter"].map(
    (name) => `kubernetes:apps/v1:Deployment::${name}`,
  ),
  "kubernetes:apps/v1:StatefulSet::prometheus",
].flatMap((urn) => ["--exclude", `**$${urn}`]);
// What guards the stack from a destroy depends on them.
leftOut.push("--exclude-dependents");

/** A stack of the program with the data stores and MLflow alone, its namespaces behind one name. */
export class SmallStack {
  readonly name: string;
  readonly project: EngineProject;

  constructor(name: string, project: EngineProject) {
    this.name = name;
    this.project = project;
  }

  get namespaces(): string[] {
    return [this.name, ...projects.map((project) => this.of(project))];
  }

  of(project: string): string {
    return `${this.name}-${project}`;
  }

  /** As `make up` does. */
  up(): Promise<string> {
    return this.project.script("up", this.project.stack, "--yes", "--skip-preview", ...leftOut);
  }

  async output(name: string): Promise<unknown> {
    const { pulumi, stack } = this.project;
    const outputs: unknown = JSON.parse(await pulumi("stack", "output", "--json", "--stack", stack));
    return isObject(outputs) ? outputs[name] : undefined;
  }

  destroy(): Promise<string> {
    return this.project.make("destroy", `STACK=${this.project.stack}`, "YES=1");
  }
}

/** A chart of Airflow's name without Airflow. */
export async function emptyChart(): Promise<string> {
  const { name, version } = charts.airflow;
  const folder = await mkdtemp(join(tmpdir(), "chart-"));
  await mkdir(join(folder, "templates"));
  await writeFile(join(folder, "Chart.yaml"), stringify({ apiVersion: "v2", name, version }));
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "chart" } };
  await writeFile(join(folder, "templates", "chart.yaml"), stringify(map));
  return folder;
}
