import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Run {
  dag_run_id: string;
  state: string;
}

interface Dag {
  is_paused: boolean;
  tasks: string[];
  /** Where switching it on starts a run, as a schedule does. */
  hasSchedule: boolean;
  /** The DAG that its data starts. */
  starts?: string;
  runs: Run[];
}

/**
 * Airflow's API with the pipeline's DAGs, with the answers of 3.3.2 shortened to what is looked at. A run ends at once;
 * its data then starts the next DAG, if that is on.
 */
export class AirflowStandIn {
  readonly dags: Record<string, Dag> = {};
  /** What was changed. */
  changes: string[] = [];
  /** Log of a task, and its state where it does not succeed. */
  logs: Record<string, string[]> = {};
  states: Record<string, string> = {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const [status, answer] = this.#answer(request.method ?? "", decodeURIComponent(request.url ?? ""), body);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A new Airflow, in which the pipeline is off, or on and has run. */
  reset({ isOn }: { isOn: boolean }): void {
    const dag = (tasks: string[], hasSchedule: boolean, starts?: string): Dag => {
      const runs = isOn ? [{ dag_run_id: "scheduled__before", state: "success" }] : [];
      return { is_paused: !isOn, tasks, hasSchedule, ...(starts && { starts }), runs };
    };
    Object.assign(this.dags, {
      pageviews_ingest: dag(["ingest"], true, "pageviews_predict"),
      pageviews_train: dag(["validate", "train", "promote"], true, "pageviews_predict"),
      pageviews_predict: dag(["predict"], false, "papermill_report"),
      papermill_report: dag(["report"], false),
    });
    Object.assign(this, { changes: [], logs: {}, states: {} });
  }

  #answer(method: string, url: string, body: string): [number, object] {
    if (url === "/auth/token") return [201, { access_token: "t" }];
    const [, name = "", rest = ""] = /^\/api\/v2\/dags\/([^/]+)(.*)$/.exec(url) ?? [];
    const dag = this.dags[name];
    if (method !== "GET") this.changes.push(`${method} ${name}${method === "PATCH" ? ` ${body}` : ""}`);
    if (dag === undefined) return [404, { detail: "not found" }];
    if (method === "PATCH") {
      dag.is_paused = false;
      if (dag.hasSchedule) this.#start(dag, `scheduled__${dag.runs.length}`);
    }
    if (method === "POST") return [200, this.#start(dag, `manual__${dag.runs.length}`)];
    if (rest.startsWith("/dagRuns?")) return [200, { dag_runs: dag.runs.toReversed() }];
    const [, run = "", of = ""] = /^\/dagRuns\/([^/]+)(.*)$/.exec(rest) ?? [];
    if (of === "/taskInstances") return [200, { task_instances: this.#tasks(dag) }];
    const [, task = ""] = /\/taskInstances\/([^/]+)\/logs\//.exec(of) ?? [];
    if (task !== "") return [200, { content: (this.logs[task] ?? []).map((event) => ({ event })) }];
    if (run !== "") return [200, dag.runs.find(({ dag_run_id: id }) => id === run) ?? {}];
    return [200, { is_paused: dag.is_paused }];
  }

  #start(dag: Dag, id: string): Run {
    const states = dag.tasks.map((task) => this.states[task] ?? "success");
    const run = { dag_run_id: id, state: states.includes("failed") ? "failed" : "success" };
    dag.runs.push(run);
    const next = dag.starts === undefined ? undefined : this.dags[dag.starts];
    const hasData = states.every((state) => state === "success");
    if (hasData && next?.is_paused === false) this.#start(next, `asset_triggered__${next.runs.length}`);
    return run;
  }

  #tasks({ tasks }: Dag): object[] {
    return tasks.map((task_id, position) => {
      const state = this.states[task_id] ?? "success";
      return { task_id, state, try_number: 1, end_date: `2026-11-30T10:00:0${position}Z` };
    });
  }
}
