import { type Forward, forward } from "../../scripts/forward.ts";
import type { Platform } from "./platform.ts";

/** The address of Airflow's API inside the cluster, by a port that is forwarded again when its pod has gone. */
export class ForwardedAirflow {
  readonly #platform: Platform;
  #forward: Promise<Forward> | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async url(): Promise<string> {
    this.#forward ??= this.#start();
    try {
      return `http://127.0.0.1:${(await this.#forward).port}`;
    } catch (error) {
      this.#forward = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = await this.#forward?.catch(() => undefined);
    open?.close();
  }

  async #start(): Promise<Forward> {
    const { kubeconfig, namespace } = this.#platform;
    const place = { kubeconfig, namespace, context: undefined };
    const started = await forward(place, "airflow-api-server", 8080);
    void started.ended.then(() => {
      this.#forward = undefined;
    });
    return started;
  }
}
