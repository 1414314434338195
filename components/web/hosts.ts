// Which UIs an exposure reaches, and by which host: plain data for the configuration's rules.
import type { ExposureConfig } from "../../config/exposure/schema.ts";
import { type WebUiName, webUis } from "../parts.ts";

/** An exposure that gives each UI a host. */
export type HostedExposure = Extract<ExposureConfig, { kind: "ingress" | "gateway" }>;

/** Whether the UIs have hosts. */
export function isHosted(config: ExposureConfig): config is HostedExposure {
  return config.kind === "ingress" || config.kind === "gateway";
}

/** Whether a UI is reached without a port-forward. */
export function isExposed(config: ExposureConfig, name: WebUiName): boolean {
  if (config.kind === "portForward") return false;
  return isHosted(config) ? webHost(config, name) !== undefined : (config.uis?.includes(name) ?? true);
}

/**
 * Host of a UI behind an Ingress or a Gateway; undefined: it is not exposed.
 *
 * Load balancers close hosts that fail their health check: a UI without one has a host only where the user names it.
 */
export function webHost({ domain, hosts, uis }: HostedExposure, name: WebUiName): string | undefined {
  const isNamed = uis?.includes(name);
  if (isNamed === false) return undefined;
  const byDomain = domain === undefined ? undefined : `${name}.${domain}`;
  const isDefault = isNamed ?? webUis[name].healthPath !== undefined;
  return hosts[name] ?? (isDefault ? byDomain : undefined);
}
