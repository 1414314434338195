import type * as pulumi from "@pulumi/pulumi";
import { WebIngress } from "./web-ingress.ts";
import type { WebUiName } from "../parts.ts";
import { type Exposure, isExposed } from "./exposure.ts";
import { WebInterface } from "./web-interface.ts";

export interface WebInterfacesArgs {
  namespace: pulumi.Input<string>;
  exposure: Exposure;
  /** Those that the stack runs. */
  names: WebUiName[];
}

/** Makes every UI of the platform reachable, each under the name of its component. */
export function exposeAll(
  { namespace, exposure, names: running }: WebInterfacesArgs,
  opts: pulumi.ComponentResourceOptions,
): Partial<Record<WebUiName, WebInterface>> {
  const { config, loadBalancing } = exposure;
  if (config.kind === "ingress") {
    const names = running.filter((ui) => isExposed(config, ui));
    new WebIngress("web", { namespace, config, loadBalancing, names }, opts);
  }
  return Object.fromEntries(
    running.map((ui) => [ui, new WebInterface(`${ui}-web`, { namespace, exposure, ui }, opts)]),
  );
}
