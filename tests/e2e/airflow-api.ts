import { setTimeout as sleep } from "node:timers/promises";
import { at, listAt, textAt } from "../../preview/json.ts";

export interface TaskInstance {
  task: string;
  state: string;
  /** 1 for the first. */
  tryNumber: number;
}

/** Airflow's REST API, as its administrator. */
export class AirflowApi {
  readonly #url: () => Promise<string>;
  readonly #password: () => Promise<string>;
  #token: string | undefined;

  /**
   * @param url asked for before each call: a forwarded port ends with the pod behind it
   * @param password read anew at each login: it may have been rotated
   */
  constructor(url: () => Promise<string>, password: () => Promise<string>) {
    this.#url = url;
    this.#password = password;
  }

  /** Starts a run of a DAG, which is switched on for it, and returns the run's id. */
  async trigger(dag: string, conf: Record<string, unknown> = {}): Promise<string> {
    await this.unpause(dag);
    const run = await this.call("POST", `/dags/${dag}/dagRuns`, { logical_date: null, conf });
    return textAt(run, "dag_run_id") ?? "";
  }

  async unpause(dag: string): Promise<void> {
    // A DAG appears some time after Airflow has started.
    for (let attempt = 0; ; attempt++) {
      try {
        await this.call("PATCH", `/dags/${dag}`, { is_paused: false });
        return;
      } catch (error) {
        if (attempt === 60) throw error;
        await sleep(3000);
      }
    }
  }

  /** Waits for a run to end and returns its state; an API server that does not answer is waited for. */
  async ended(dag: string, run: string, limitSeconds = 900): Promise<string> {
    const deadline = Date.now() + limitSeconds * 1000;
    let seen = "";
    while (Date.now() < deadline) {
      seen = await this.call("GET", `/dags/${dag}/dagRuns/${encodeURIComponent(run)}`).then(
        (answer) => textAt(answer, "state") ?? "",
        (error: unknown) => `no answer: ${String(error)}`,
      );
      if (seen === "success" || seen === "failed") return seen;
      await sleep(2000);
    }
    return `still ${seen} after ${limitSeconds} s`;
  }

  async tasks(dag: string, run: string): Promise<TaskInstance[]> {
    const answer = await this.call("GET", `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`);
    return listAt(answer, "task_instances").map((instance) => ({
      task: textAt(instance, "task_id") ?? "",
      state: textAt(instance, "state") ?? "",
      tryNumber: Number(at(instance, "try_number") ?? 0),
    }));
  }

  /** The log of a task's try, read back from where it is kept. */
  async log(dag: string, run: string, task: string, tryNumber: number): Promise<string> {
    const path = `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances/${task}/logs/${tryNumber}?full_content=true`;
    return JSON.stringify(await this.call("GET", path));
  }

  /** Calls a path below /api/v2 and returns what it answers; throws with the answer where that is an error. */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const request = async () => {
      this.#token ??= await this.#login();
      return fetch(`${await this.#url()}/api/v2${path}`, {
        method,
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          authorization: `Bearer ${this.#token}`,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };
    let response = await request();
    if (response.status === 401) {
      this.#token = undefined;
      response = await request();
    }
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async #login(): Promise<string> {
    const response = await fetch(`${await this.#url()}/auth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "admin", password: await this.#password() }),
    });
    if (!response.ok) throw new Error(`the login: ${response.status} ${await response.text()}`);
    return textAt(await response.json(), "access_token") ?? "";
  }
}
