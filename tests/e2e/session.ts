import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { rerunJobs } from "../../scripts/platform/rerun-jobs.ts";
import { kubectl } from "../cluster.ts";
import { folder } from "../program/program-cases.ts";
import type { AirflowApi } from "./airflow-api.ts";
import type { AirflowProcesses } from "./airflow-processes.ts";
import type { Platform } from "./platform.ts";
import { secretValue } from "./secret.ts";
import type { VerifyArgs } from "./verify.ts";

/** What the parts of the suite share: each finds the platform as the one before has left it. */
export class Session {
  #platform: Platform | undefined;
  #airflow: AirflowApi | undefined;
  /** What ends with the suite. */
  readonly closing: (() => unknown)[] = [];
  /** Airflow beside the cluster; undefined where it runs inside. */
  processes: AirflowProcesses | undefined;

  get platform(): Platform {
    if (this.#platform === undefined) throw new Error("nothing is deployed");
    return this.#platform;
  }

  set platform(platform: Platform) {
    this.#platform = platform;
  }

  get airflow(): AirflowApi {
    if (this.#airflow === undefined) throw new Error("Airflow does not run");
    return this.#airflow;
  }

  set airflow(airflow: AirflowApi) {
    this.#airflow = airflow;
  }

  /** Where the operators' scripts work. */
  get target(): KubectlTarget {
    const { kubeconfig, namespace } = this.platform;
    return { kubeconfig, namespace, context: undefined };
  }

  /** Whether no node holds the image of a web UI. */
  isLeftOut(ui: string): boolean {
    return this.platform.leftOut.some((name) => name.endsWith(`/${ui}`));
  }

  /** How `make verify` finds the platform. */
  async verifyArgs(): Promise<VerifyArgs> {
    const { kubeconfig, namespace } = this.platform;
    const without = this.isLeftOut("grafana") ? ["grafana"] : [];
    const given = { kubeconfig, namespace, without };
    if (this.processes === undefined) return given;
    const password = await this.secret("airflow-admin", "password");
    return { ...given, airflow: { url: this.processes.url, password } };
  }

  /** Ends what runs on this machine. */
  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
    this.processes = undefined;
  }

  /** Runs kubectl in the platform's namespace and returns what it prints. */
  async kubectl(...args: string[]): Promise<string> {
    const { kubeconfig, namespace } = this.platform;
    return (await kubectl(kubeconfig, [...args, "--namespace", namespace])).stdout;
  }

  /** Runs a command in a pod and returns what it prints. */
  async exec(pod: string, ...command: string[]): Promise<string> {
    const { kubeconfig, namespace } = this.platform;
    return (await kubectl(kubeconfig, ["exec", pod, "--namespace", namespace, "--", ...command])).stdout;
  }

  /** Runs SQL as the superuser inside the server's pod. */
  async psql(database: string, query: string): Promise<string> {
    const command = ["psql", "--username", "postgres", "--tuples-only", "--no-align", "--dbname", database];
    return (await this.exec("postgres-0", ...command, "--command", query)).trim();
  }

  /** Runs Airflow's command line where Airflow runs. */
  airflowCommand(...args: string[]): Promise<string> {
    if (this.processes !== undefined) return this.processes.command(...args);
    return this.exec("deployment/airflow-scheduler", "airflow", ...args);
  }

  /** Restarts Airflow's processes, with what the Secrets say now. */
  async restartAirflow(): Promise<void> {
    if (this.processes !== undefined) {
      await this.processes.stop();
      await this.processes.start();
      return;
    }
    await this.kubectl("rollout", "restart", "deployment", "--selector", "release=airflow");
    for (const name of ["api-server", "scheduler", "dag-processor", "triggerer"]) {
      await this.kubectl("rollout", "status", `deployment/airflow-${name}`, "--timeout=600s");
    }
  }

  /** A value of a Secret of the platform. */
  secret(name: string, key: string): Promise<string> {
    return secretValue(this.platform, name, key);
  }

  /** Runs Jobs of the platform once more. */
  rerun(...jobs: string[]): Promise<void> {
    rerunJobs(this.target, jobs);
    return Promise.resolve();
  }

  /** Runs a script of scripts/ against the platform, as its make target does; returns its standard output. */
  async script(name: string, ...args: string[]): Promise<string> {
    const command = [`${folder}/scripts/${name}`, "--namespace", this.platform.namespace, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      env: { ...process.env, KUBECONFIG: this.platform.kubeconfig },
      maxBuffer: 64 * 2 ** 20,
    });
    return stdout;
  }
}
