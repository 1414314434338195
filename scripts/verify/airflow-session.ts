import { setTimeout as sleep } from "node:timers/promises";
import { webServices } from "../../components/web-services.ts";
import { type Forward, forward } from "../forward.ts";
import { Failure } from "./check.ts";
import { administratorOf, type Platform } from "./platform.ts";

const requestTimeoutMs = 60_000;
const attempts = 6;
const pauseMs = 5_000;

interface Connection {
  url: string;
  token: string;
  close: () => void;
}

/** An answer of Airflow's that is none of the expected ones. */
export class AirflowRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, detail: string) {
    super(`Airflow answers ${request} with ${status}: ${detail}`);
    this.status = status;
  }
}

/** Airflow's API as the administrator: connects when it is first asked, and again when the connection breaks. */
export class AirflowSession {
  readonly #platform: Platform;
  readonly #signal: AbortSignal | undefined;
  #connection: Connection | undefined;

  /** @param signal ends waiting for an answer */
  constructor(platform: Platform, signal?: AbortSignal) {
    this.#platform = platform;
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
        // A token of a database that was replaced is refused as well.
        const isFinal = error instanceof Failure || (error instanceof AirflowRefusal && error.status < 500);
        if (isFinal || attempt === attempts || this.#signal?.aborted) throw error;
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
    const { user, password } = administratorOf(this.#platform, "airflow");
    const { url, close } = await this.#reach();
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

  async #reach(): Promise<Pick<Connection, "url" | "close">> {
    const { place, airflowUrl } = this.#platform;
    if (airflowUrl !== undefined) return { url: airflowUrl, close: () => undefined };
    const { service, port } = webServices.airflow;
    const { port: local, close }: Forward = await forward(place, service, port);
    return { url: `http://127.0.0.1:${local}`, close };
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
