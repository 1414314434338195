import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { LoadBalancing } from "../cluster/cluster.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { skipAwait } from "../objects/rollout.ts";
import { type WebInterfaceName, type WebService, webServices } from "./web-services.ts";

interface WebInterfacePods extends WebService {
  /** Labels of the pods that serve it. */
  selector: Record<string, string>;
  /** What answers 200 without a login, for a load balancer's health check; undefined: nothing does. */
  health: { path: string; port: number } | undefined;
}

/** Where each UI is served inside the platform's namespace. */
export const webInterfaces: Record<WebInterfaceName, WebInterfacePods> = {
  airflow: {
    ...webServices.airflow,
    selector: { release: "airflow", component: "api-server" },
    health: { path: "/api/v2/monitor/health", port: 8080 },
  },
  mlflow: {
    ...webServices.mlflow,
    selector: selectorLabels("mlflow"),
    health: { path: "/health", port: 5000 },
  },
  minio: {
    ...webServices.minio,
    selector: selectorLabels("minio"),
    health: { path: "/", port: 9001 },
  },
  grafana: {
    ...webServices.grafana,
    selector: selectorLabels("grafana"),
    health: { path: "/api/health", port: 3000 },
  },
  // Its password guards every path.
  prometheus: { ...webServices.prometheus, selector: selectorLabels("prometheus"), health: undefined },
};

/** How the stack exposes web UIs: what the user chose and what the cluster adds to it. */
export interface Exposure {
  config: Config["exposure"];
  nodeAddress: string | undefined;
  loadBalancing: LoadBalancing;
}

/** Whether a UI is reached without a port-forward; an Ingress has no host for one that fails its health check. */
export function isExposed({ kind }: Config["exposure"], name: WebInterfaceName): boolean {
  return kind !== "portForward" && (kind !== "ingress" || webInterfaces[name].health !== undefined);
}

/** Host of a UI behind the Ingress. */
export function ingressHost(name: WebInterfaceName, domain: string): string {
  return `${name}.${domain}`;
}

/**
 * The URL of a UI where it is known before anything exists.
 *
 * @returns undefined for a load balancer, whose address its cloud chooses, and where nothing is exposed
 */
export function staticUrl({ config, nodeAddress }: Exposure, name: WebInterfaceName): string | undefined {
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

export interface WebInterfaceArgs {
  ui: WebInterfaceName;
  namespace: pulumi.Input<string>;
  exposure: Exposure;
}

/**
 * Makes one web UI reachable as the stack's exposure says.
 *
 * A load balancer costs about 18 USD a month in either cloud; the UIs behind an Ingress share one, see
 * `web-ingress.ts`.
 */
export class WebInterface extends pulumi.ComponentResource {
  /** What to type into a browser; after running `portForward` where there is one. */
  readonly url: pulumi.Output<string>;
  /** Command that reaches the UI; undefined: it is exposed. */
  readonly portForward: pulumi.Output<string> | undefined;

  constructor(name: string, args: WebInterfaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:web-interface:WebInterface", name, {}, opts);
    const { service, port } = webInterfaces[args.ui];
    this.portForward = isExposed(args.exposure.config, args.ui)
      ? undefined
      : pulumi.interpolate`kubectl --namespace ${args.namespace} port-forward service/${service} ${port}`;
    this.url = this.expose(name, args, `http://localhost:${port}`);
    this.registerOutputs({ url: this.url, portForward: this.portForward });
  }

  private expose(name: string, args: WebInterfaceArgs, localUrl: string): pulumi.Output<string> {
    const { config } = args.exposure;
    const known = staticUrl(args.exposure, args.ui);
    switch (config.kind) {
      case "portForward":
        return pulumi.output(localUrl);
      case "nodePort":
        new k8s.core.v1.Service(name, serviceArgs(name, args), { parent: this });
        return pulumi.output(known ?? localUrl);
      case "loadBalancer":
        return addressOf(new k8s.core.v1.Service(name, serviceArgs(name, args), { parent: this }));
      case "ingress":
        return pulumi.output(known ?? localUrl);
    }
  }
}

function serviceArgs(name: string, args: WebInterfaceArgs): k8s.core.v1.ServiceArgs {
  const { config } = args.exposure;
  const { selector, port: targetPort } = webInterfaces[args.ui];
  const metadata = { name, namespace: args.namespace, labels: labels(args.ui, "web") };
  const port = { name: "http", port: 80, targetPort };
  if (config.kind === "loadBalancer") {
    return {
      metadata: {
        ...metadata,
        annotations: { ...waitForAddress, ...args.exposure.loadBalancing.service, ...config.annotations },
      },
      spec: {
        type: "LoadBalancer",
        selector,
        ports: [port],
        loadBalancerSourceRanges: config.sourceRanges,
      },
    };
  }
  const nodePort = config.kind === "nodePort" ? { nodePort: config.ports[args.ui] } : {};
  return {
    metadata: { ...metadata, annotations: skipAwait },
    spec: { type: "NodePort", selector, ports: [{ ...port, ...nodePort }] },
  };
}

/** The pods behind the Service come later and may need its address: wait for that alone. */
const waitForAddress = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" };

/** A load balancer has a name at AWS and an address at Google. */
function addressOf(service: k8s.core.v1.Service): pulumi.Output<string> {
  return service.status.apply((status) => {
    // A preview knows no status, whatever the type says.
    const [first] = (status as Partial<typeof status> | undefined)?.loadBalancer?.ingress ?? [];
    return `http://${first?.hostname ?? first?.ip ?? "pending"}`;
  });
}

/** Host and port of a UI's URL, as a browser sends them. */
export function hostOf({ url }: WebInterface): pulumi.Output<string> {
  return url.apply((text) => new URL(text).host);
}
