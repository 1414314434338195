import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "../objects/labels.ts";
import { skipAwait } from "../objects/rollout.ts";
import { podGroups, type WebUiName, webUis } from "../parts.ts";
import { type Exposure, staticUrl } from "./exposure.ts";
import { isExposed, isHosted } from "./hosts.ts";

/** Labels of the pods behind a UI's Service. */
export function selectorOf(ui: WebUiName): Record<string, string> {
  const { pods } = webUis[ui];
  const { labels } = podGroups[pods];
  // The chart labels its pods in its own way.
  return "release" in labels ? labels : selectorLabels(pods);
}

export interface WebInterfaceArgs {
  ui: WebUiName;
  namespace: pulumi.Input<string>;
  exposure: Exposure;
}

/**
 * Makes one web UI reachable as the stack's exposure says.
 *
 * A load balancer costs about 18 USD a month in either cloud; the UIs behind an Ingress or a Gateway share one, see
 * `web-ingress.ts` and `web-routes.ts`.
 */
export class WebInterface extends pulumi.ComponentResource {
  /** What to type into a browser; after running `portForward` where there is one. */
  readonly url: pulumi.Output<string>;
  /** Command that reaches the UI; undefined: it is exposed. */
  readonly portForward: pulumi.Output<string> | undefined;

  constructor(name: string, args: WebInterfaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:web-interface:WebInterface", name, {}, opts);
    const { pods: service, port } = webUis[args.ui];
    this.portForward = isExposed(args.exposure.config, args.ui)
      ? undefined
      : pulumi.interpolate`kubectl --namespace ${args.namespace} port-forward service/${service} ${port}`;
    this.url = this.expose(name, args, `http://localhost:${port}`);
    this.registerOutputs({ url: this.url, portForward: this.portForward });
  }

  private expose(name: string, args: WebInterfaceArgs, localUrl: string): pulumi.Output<string> {
    const { config } = args.exposure;
    const hasService = isExposed(config, args.ui) && !isHosted(config);
    const service = hasService ? new k8s.core.v1.Service(name, serviceArgs(name, args), { parent: this }) : undefined;
    if (service !== undefined && config.kind === "loadBalancer") return addressOf(service);
    return pulumi.output(staticUrl(args.exposure, args.ui) ?? localUrl);
  }
}

function serviceArgs(name: string, args: WebInterfaceArgs): k8s.core.v1.ServiceArgs {
  const { config } = args.exposure;
  const selector = selectorOf(args.ui);
  const targetPort = webUis[args.ui].port;
  const metadata = { name, namespace: args.namespace, labels: labels(args.ui, "web") };
  const port = { name: "http", port: 80, targetPort };
  if (config.kind === "loadBalancer") {
    return {
      metadata: {
        ...metadata,
        annotations: {
          ...waitForAddress,
          ...args.exposure.loadBalancing.service,
          ...config.annotations,
          ...config.annotationsOf[args.ui],
        },
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
