import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { labels } from "../objects/labels.ts";
import { backendService, serviceName, servicePort, type WebBackend } from "./web-backend.ts";

type GatewayConfig = Extract<Config["exposure"], { kind: "gateway" }>;

/** Of the Gateway API; source: https://gateway-api.sigs.k8s.io/reference/spec/ */
const routes = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };

export interface WebRoutesArgs {
  namespace: pulumi.Input<string>;
  config: GatewayConfig;
  /** The UIs that get a route. */
  backends: WebBackend[];
}

/**
 * An HTTPRoute for each web UI, attached to the HTTPS listener of a Gateway of the site's own.
 *
 * The Gateway has the address, the certificates and the health checks.
 */
export class WebRoutes extends pulumi.ComponentResource {
  constructor(name: string, args: WebRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:web-routes:WebRoutes", name, {}, opts);
    const { namespace, config, backends } = args;
    const child = { parent: this };
    for (const backend of backends) {
      const service = backendService(backend, namespace, {}, child);
      const metadata = {
        name: serviceName(backend),
        namespace,
        labels: labels(backend.name, "web"),
        annotations: { ...config.annotations, ...config.annotationsOf[backend.name] },
      };
      const route = { ...routes, metadata, spec: routeSpec(config, backend) };
      new k8s.apiextensions.CustomResource(metadata.name, route, { ...child, dependsOn: [service] });
    }
    this.registerOutputs({});
  }
}

/** What an HTTPRoute says of a UI. */
function routeSpec({ parentRef, sectionNames }: GatewayConfig, backend: WebBackend): object {
  const { namespace } = parentRef;
  return {
    parentRefs: [
      {
        name: parentRef.name,
        ...(namespace === undefined ? {} : { namespace }),
        sectionName: sectionNames[backend.name] ?? parentRef.sectionName,
      },
    ],
    hostnames: [backend.host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [{ name: serviceName(backend), port: servicePort }],
      },
    ],
  };
}
