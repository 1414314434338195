import { reachAirflow } from "../../scripts/verify/airflow-session.ts";
import { engineProject, findCli } from "../engine/project.ts";
import { AirflowApi } from "./airflow-api.ts";
import { startAirflow } from "./airflow-processes.ts";
import { namespace, projects } from "./configuration.ts";
import { deploy, removeNamespaces } from "./deploy.ts";
import { objectsPlatform } from "./objects-platform.ts";
import type { Changes, Platform } from "./platform.ts";
import { pulumiPlatform } from "./pulumi-platform.ts";
import type { Session } from "./session.ts";
import { wikimedia, wikimediaNamespace } from "./wikimedia.ts";

/** The platform by the Pulumi CLI where there is one, else by the preview's objects. */
export async function choosePlatform(kubeconfig: string, configuration: Changes): Promise<Platform> {
  const cli = findCli();
  if (cli === undefined) return objectsPlatform(kubeconfig, configuration);
  const project = await engineProject(cli, "Pulumi.minikube.yaml", () => undefined);
  return pulumiPlatform(project, kubeconfig, configuration);
}

/** Removes what an earlier run has left, and starts what the pipeline reads from. */
export async function prepare(session: Session): Promise<void> {
  const { platform } = session;
  const { kubeconfig } = platform;
  await removeNamespaces(kubeconfig, [namespace, wikimediaNamespace, ...projects.map(({ name }) => name)]);
  await deploy(kubeconfig, [wikimedia()]);
}

/**
 * Starts Airflow where the cluster has none, and connects to its API.
 *
 * @param dags folder of the DAGs where Airflow is started here. Default: a copy of the project's
 */
export async function connectAirflow(session: Session, dags?: string): Promise<void> {
  const { platform, target } = session;
  const administrator = async () => ({ user: "admin", password: await session.secret("airflow-admin", "password") });
  if (!platform.hasChart) {
    const processes = await startAirflow(platform, dags);
    session.processes = processes;
    session.closing.push(() => processes.close());
  }
  const airflow = new AirflowApi({ administrator, reach: () => reachAirflow(target, session.processes?.url) });
  session.airflow = airflow;
  session.closing.push(() => airflow.close());
}

/** One line on what the suite runs with, and what it has to leave out. */
export function description({ platform, processes }: Session): string {
  const airflow = processes === undefined ? "the chart's Airflow in the cluster" : "Airflow from PyPI on this machine";
  const leftOut = platform.leftOut.length === 0 ? "nothing" : platform.leftOut.join(", ");
  return `deployed by ${platform.deployer}, with ${airflow}; left out, as no node holds the image: ${leftOut}`;
}
