import { setTimeout as sleep } from "node:timers/promises";
import { webUis } from "../../components/parts.ts";
import type { Credentials } from "../platform/credentials.ts";
import { forward } from "../platform/forward.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { Failure } from "./check.ts";

const requestTimeoutMs = 60_000;
const attempts = 6;
const pauseMs = 5_000;

/** An address of Airflow, open until it is closed. */
interface Reached {
  url: string;
  close: () => void;
}

/** @param url of an Airflow outside of the cluster. @default - that in the cluster, by a forwarded port */
export async function reachAirflow(target: KubectlTarget, url?: string): Promise<Reached> {
  if (url !== undefined) return { url, close: () => undefined };
  const { pods: service, port } = webUis.airflow;
  const { port: local, close } = await forward(target, service, port);
  return { url: `http://127.0.0.1:${local}`, close };
}

/** How a session reaches Airflow; determined for each connection, because pods and passwords change. */
export interface AirflowAccess {
  reach: () => Promise<Reached>;
  administrator: () => Credentials | Promise<Credentials>;
}

interface Connection extends Reached {
  token: string;
}

/** An unexpected answer from Airflow. */
export class AirflowRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, detail: string) {
    super(`Airflow answers ${request} with ${status}: ${detail}`);
    this.status = status;
  }
}

/** Airflow's API as the administrator: connects when it is first asked, and again when the connection breaks. */
export class AirflowSession {
  readonly #access: AirflowAccess;
  readonly #signal: AbortSignal | undefined;
  #connection: Connection | undefined;

  /** @param signal ends waiting for an answer */
  constructor(access: AirflowAccess, signal?: AbortSignal) {
    this.#access = access;
    this.#signal = signal;
  }

  /**
   * The JSON of an answer; undefined where there is none.
   *
   * @param path below /api/v2
   * @throws AirflowRefusal for a status from 400 on
   */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const isNew = this.#connection === undefined;
      try {
        this.#connection ??= await this.#connect();
        const { url, token } = this.#connection;
        const headers = {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          accept: "application/json",
        };
        return await this.#send<T>(method, `${url}/api/v2${path}`, headers, body);
      } catch (error) {
        if (isFinal(error, isNew) || attempt === attempts || this.#signal?.aborted) throw error;
        this.close();
        await sleep(pauseMs, undefined, { signal: this.#signal });
      }
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connect(): Promise<Connection> {
    const { user, password } = await this.#access.administrator();
    const { url, close } = await this.#access.reach();
    try {
      const headers = { "content-type": "application/json" };
      const login = { username: user, password };
      const { access_token: token } = await this.#send<{ access_token: string }>(
        "POST",
        `${url}/auth/token`,
        headers,
        login,
      );
      return { url, token, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  async #send<T>(method: string, url: string, headers: Record<string, string>, body?: object): Promise<T> {
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    const signal = this.#signal === undefined ? timeout : AbortSignal.any([timeout, this.#signal]);
    const response = await fetch(url, { method, headers, signal, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    const { pathname } = new URL(url);
    if (response.status >= 400) throw new AirflowRefusal(`${method} ${pathname}`, response.status, text.slice(0, 300));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

/** Whether another try would end the same way; a token goes out of use when its key or its database is replaced. */
function isFinal(error: unknown, isNew: boolean): boolean {
  if (error instanceof AirflowRefusal) return error.status === 401 ? isNew : error.status < 500;
  return error instanceof Failure;
}
