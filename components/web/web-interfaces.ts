import type * as pulumi from "@pulumi/pulumi";
import { WebIngress } from "./web-ingress.ts";
import type { WebUiName } from "../parts.ts";
import type { Exposure } from "./exposure.ts";
import { isHosted } from "./hosts.ts";
import { backendsOf } from "./web-backend.ts";
import { WebInterface } from "./web-interface.ts";
import { WebRoutes } from "./web-routes.ts";

interface WebInterfacesArgs {
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
  if (isHosted(config)) {
    const backends = backendsOf(config, running);
    if (config.kind === "ingress") new WebIngress("web", { namespace, config, loadBalancing, backends }, opts);
    else new WebRoutes("web", { namespace, config, backends }, opts);
  }
  return Object.fromEntries(
    running.map((ui) => [ui, new WebInterface(`${ui}-web`, { namespace, exposure, ui }, opts)]),
  );
}
