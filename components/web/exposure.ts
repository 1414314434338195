import type { Config } from "../../config.ts";
import type { ClusterCapabilities, LoadBalancing } from "../cluster/cluster.ts";
import type { WebUiName } from "../parts.ts";
import { isExposed, webHost } from "./hosts.ts";

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
  // Node ports of a node without an address, as in a virtual machine of its own, are out of a browser's reach.
  const isReached = config.exposure.kind !== "nodePort" || nodeAddress !== undefined;
  return { config: isReached ? config.exposure : { kind: "portForward" }, nodeAddress, loadBalancing };
}

/**
 * The URL of a UI where it is known before anything exists.
 *
 * @returns undefined for a load balancer, whose address its cloud chooses, and where nothing is exposed
 */
export function staticUrl({ config, nodeAddress }: Exposure, name: WebUiName): string | undefined {
  if (!isExposed(config, name)) return undefined;
  switch (config.kind) {
    case "nodePort":
      return `http://${nodeAddress ?? "localhost"}:${config.ports[name]}`;
    case "ingress":
    case "gateway":
      return `https://${webHost(config, name)}`;
    case "loadBalancer":
    case "portForward":
      return undefined;
  }
}
