import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { IngressAnnotations, IngressBackend, LoadBalancing } from "../cluster/cluster.ts";
import { labels } from "../objects/labels.ts";
import { type WebUiName, webUis } from "../parts.ts";
import { backendService, serviceName, servicePort, type WebBackend } from "./web-backend.ts";

type IngressConfig = Extract<Config["exposure"], { kind: "ingress" }>;

export interface WebIngressArgs {
  namespace: pulumi.Input<string>;
  config: IngressConfig;
  loadBalancing: LoadBalancing;
  /** The UIs that get a host. */
  backends: WebBackend[];
}

/**
 * One Ingress for all web UIs, a host each, so that they share one load balancer and one certificate.
 *
 * Annotations apply to a whole Ingress: a UI with annotations of its own has an Ingress of its own, `web-<ui>`.
 *
 * The address for the DNS records of the hosts is the Ingress's own: `kubectl get ingress web`.
 */
export class WebIngress extends pulumi.ComponentResource {
  constructor(name: string, args: WebIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:web-ingress:WebIngress", name, {}, opts);
    const { namespace, config, backends } = args;
    const child = { parent: this };
    const annotations = this.prepare(args);
    const services = backends.map((backend) =>
      backendService(backend, namespace, annotations.services[backend.name] ?? {}, child),
    );
    const common = { ...waitForObject, ...annotations.ingress, ...config.annotations };
    for (const { ui, backends } of ingressesOf(args)) {
      const ingress = ui === undefined ? name : `${name}-${ui}`;
      const own = ui === undefined ? {} : config.annotationsOf[ui];
      const metadata = { name: ingress, namespace, labels: labels(name), annotations: { ...common, ...own } };
      const spec = ingressSpec(args, backends);
      new k8s.networking.v1.Ingress(ingress, { metadata, spec }, { ...child, dependsOn: services });
    }
    this.registerOutputs({});
  }

  /** A class that the user brings has its own way. */
  private prepare({ namespace, config, loadBalancing, backends }: WebIngressArgs): IngressAnnotations {
    const { prepareIngress } = loadBalancing;
    if (config.className !== undefined || prepareIngress === undefined) return { ingress: {}, services: {} };
    const { certificateArn, tlsSecretName, sourceRanges } = config;
    const hasOwnCertificate = tlsSecretName !== undefined;
    const checked = backends.flatMap(checkedBackend);
    return prepareIngress(
      { namespace, backends: checked, certificateArn, hasOwnCertificate, sourceRanges },
      { parent: this },
    );
  }
}

/** Its address comes with the pods; its end is waited for, since what deletes the load balancer goes after it. */
const waitForObject = { "pulumi.com/waitFor": "jsonpath={.metadata.name}" };

/** The rules of the configuration leave no other to a cloud's own load balancer. */
function checkedBackend({ name, host }: WebBackend): IngressBackend[] {
  const { healthPath, port } = webUis[name];
  return healthPath === undefined ? [] : [{ name, host, healthPath, healthPort: port }];
}

/** The Ingress that the UIs share, and one for each UI with annotations of its own. */
function ingressesOf({ config, backends }: WebIngressArgs): { ui?: WebUiName; backends: WebBackend[] }[] {
  const isAlone = ({ name }: WebBackend) => config.annotationsOf[name] !== undefined;
  const shared = backends.filter((backend) => !isAlone(backend));
  const alone = backends.filter(isAlone).map((backend) => ({ ui: backend.name, backends: [backend] }));
  return [...(shared.length === 0 ? [] : [{ backends: shared }]), ...alone];
}

function ingressSpec(
  { config, loadBalancing }: WebIngressArgs,
  backends: WebBackend[],
): k8s.types.input.networking.v1.IngressSpec {
  const ingressClassName = config.className ?? loadBalancing.ingressClass;
  const tls = tlsOf(config, backends);
  return {
    ...(ingressClassName === undefined ? {} : { ingressClassName }),
    ...(tls.length === 0 ? {} : { tls }),
    rules: backends.map((each) => {
      const backend = { service: { name: serviceName(each), port: { number: servicePort } } };
      return { host: each.host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
    }),
  };
}

/** An entry for each certificate; without a Secret, the controller serves its own. */
function tlsOf(
  { tlsSecretName, tlsSecretNames, defaultCertificate }: IngressConfig,
  backends: WebBackend[],
): k8s.types.input.networking.v1.IngressTLS[] {
  const bySecret = Map.groupBy(backends, ({ name }) => tlsSecretNames[name] ?? tlsSecretName);
  return [...bySecret].flatMap(([secretName, group]) => {
    const hosts = group.map(({ host }) => host);
    if (secretName !== undefined) return [{ hosts, secretName }];
    return defaultCertificate ? [{ hosts }] : [];
  });
}
