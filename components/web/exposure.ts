import type { Config } from "../../config.ts";
import type { ClusterCapabilities, LoadBalancing } from "../cluster/cluster.ts";
import { type WebUiName, webUis } from "../parts.ts";

/** How the stack exposes web UIs: what the user chose and what the cluster adds to it. */
export interface Exposure {
  config: Config["exposure"];
  nodeAddress: string | undefined;
  loadBalancing: LoadBalancing;
}

export function exposureOf(
  config: Pick<Config, "exposure">,
  { nodeAddress, loadBalancing }: Pick<ClusterCapabilities, "nodeAddress" | "loadBalancing">,
): Exposure {
  return { config: config.exposure, nodeAddress, loadBalancing };
}

/** Whether a UI is reached without a port-forward; an Ingress has no host for one that fails its health check. */
export function isExposed({ kind }: Config["exposure"], name: WebUiName): boolean {
  return kind !== "portForward" && (kind !== "ingress" || webUis[name].healthPath !== undefined);
}

/** Host of a UI behind the Ingress. */
export function ingressHost(name: WebUiName, domain: string): string {
  return `${name}.${domain}`;
}

/**
 * The URL of a UI where it is known before anything exists.
 *
 * @returns undefined for a load balancer, whose address its cloud chooses, and where nothing is exposed
 */
export function staticUrl({ config, nodeAddress }: Exposure, name: WebUiName): string | undefined {
  switch (config.kind) {
    case "nodePort":
      return `http://${nodeAddress ?? "localhost"}:${config.ports[name]}`;
    case "ingress":
      return isExposed(config, name) ? `https://${ingressHost(name, config.domain)}` : undefined;
    case "loadBalancer":
    case "portForward":
      return undefined;
  }
}
