import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { IngressAnnotations, IngressBackend, LoadBalancing } from "../cluster/cluster.ts";
import { labels } from "../objects/labels.ts";
import { skipAwait } from "../objects/rollout.ts";
import { type WebUiName, webUis } from "../parts.ts";
import { ingressHost } from "./exposure.ts";
import { selectorOf } from "./web-interface.ts";

export interface WebIngressArgs {
  namespace: pulumi.Input<string>;
  config: Extract<Config["exposure"], { kind: "ingress" }>;
  loadBalancing: LoadBalancing;
  /** The UIs that get a host. */
  names: WebUiName[];
}

/**
 * One Ingress for all web UIs, a host each, so that they share one load balancer and one certificate.
 *
 * The address for the DNS records of the hosts is the Ingress's own: `kubectl get ingress web`.
 */
export class WebIngress extends pulumi.ComponentResource {
  constructor(name: string, args: WebIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:web-ingress:WebIngress", name, {}, opts);
    const { namespace, config, names } = args;
    const child = { parent: this };
    const backends = names.flatMap((ui) => backendOf(ui, config.domain));
    const annotations = this.prepare(args, backends);
    const services = backends.map((backend) => {
      const metadata = {
        name: `${backend.name}-web`,
        namespace,
        labels: labels(backend.name, "web"),
        annotations: { ...skipAwait, ...annotations.services[backend.name] },
      };
      const { port: targetPort } = webUis[backend.name];
      const spec = { selector: selectorOf(backend.name), ports: [{ name: "http", port: 80, targetPort }] };
      return new k8s.core.v1.Service(metadata.name, { metadata, spec }, child);
    });
    const metadata = {
      name,
      namespace,
      labels: labels(name),
      annotations: { ...waitForObject, ...annotations.ingress, ...config.annotations },
    };
    const spec = ingressSpec(args, backends);
    new k8s.networking.v1.Ingress(name, { metadata, spec }, { ...child, dependsOn: services });
    this.registerOutputs({});
  }

  /** A class that the user brings has its own way. */
  private prepare(
    { namespace, config, loadBalancing }: WebIngressArgs,
    backends: IngressBackend[],
  ): IngressAnnotations {
    const { prepareIngress } = loadBalancing;
    if (config.className !== undefined || prepareIngress === undefined) return { ingress: {}, services: {} };
    const { certificateArn, tlsSecretName } = config;
    const hasOwnCertificate = tlsSecretName !== undefined;
    return prepareIngress({ namespace, backends, certificateArn, hasOwnCertificate }, { parent: this });
  }
}

/** Its address comes with the pods; its end is waited for, since what deletes the load balancer goes after it. */
const waitForObject = { "pulumi.com/waitFor": "jsonpath={.metadata.name}" };

function backendOf(name: WebUiName, domain: string): IngressBackend[] {
  const { healthPath, port } = webUis[name];
  return healthPath === undefined ? [] : [{ name, host: ingressHost(name, domain), healthPath, healthPort: port }];
}

function ingressSpec(
  { config, loadBalancing }: WebIngressArgs,
  backends: IngressBackend[],
): k8s.types.input.networking.v1.IngressSpec {
  const ingressClassName = config.className ?? loadBalancing.ingressClass;
  const { tlsSecretName: secretName } = config;
  return {
    ...(ingressClassName === undefined ? {} : { ingressClassName }),
    ...(secretName === undefined ? {} : { tls: [{ hosts: backends.map(({ host }) => host), secretName }] }),
    rules: backends.map(({ name, host }) => {
      const backend = { service: { name: `${name}-web`, port: { number: 80 } } };
      return { host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
    }),
  };
}
