import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels } from "../../objects/labels.ts";
import type { IngressAnnotations, IngressArgs, IngressBackend, LoadBalancing } from "../cluster.ts";
import { webName } from "./gke-address.ts";

/** GKE's own kinds; its controllers make a load balancer out of them. */
const certificates = { apiVersion: "networking.gke.io/v1", kind: "ManagedCertificate" };
const frontends = { apiVersion: "networking.gke.io/v1beta1", kind: "FrontendConfig" };
const backends = { apiVersion: "cloud.google.com/v1", kind: "BackendConfig" };

/** Seconds that a request may take: an artifact goes through MLflow in one. */
const timeoutSec = 300;

/**
 * Makes what GKE's Ingress needs beside it: a certificate, the redirect to HTTPS, and for each UI a health check and the
 * limit of its requests.
 *
 * @param cluster whose address, TLS policy and limit the load balancer takes
 */
export function prepareGkeIngress(cluster: string): NonNullable<LoadBalancing["prepareIngress"]> {
  return (args: IngressArgs, opts: pulumi.ComponentResourceOptions): IngressAnnotations => {
    const { namespace } = args;
    const name = "web";
    const metadata = (of: string) => ({ name: of, namespace, labels: labels(of) });
    const frontend = new k8s.apiextensions.CustomResource(
      `${name}-frontend`,
      {
        ...frontends,
        metadata: metadata(name),
        spec: { redirectToHttps: { enabled: true }, sslPolicy: webName(cluster) },
      },
      opts,
    );
    const services = args.backends.map((backend) => {
      const config = new k8s.apiextensions.CustomResource(
        `${backend.name}-backend`,
        { ...backends, metadata: metadata(`${backend.name}-web`), spec: backendSpec(cluster, backend) },
        opts,
      );
      return [backend.name, serviceAnnotations(config.metadata.name)] as const;
    });
    const certificate = args.hasOwnCertificate
      ? {}
      : {
          "networking.gke.io/managed-certificates": new k8s.apiextensions.CustomResource(
            `${name}-certificate`,
            { ...certificates, metadata: metadata(name), spec: { domains: args.backends.map(({ host }) => host) } },
            opts,
          ).metadata.name,
        };
    return {
      ingress: {
        // GKE's controller reads its class from the annotation alone.
        "kubernetes.io/ingress.class": "gce",
        "kubernetes.io/ingress.global-static-ip-name": webName(cluster),
        "networking.gke.io/v1beta1.FrontendConfig": frontend.metadata.name,
        ...certificate,
      },
      services: Object.fromEntries(services),
    };
  };
}

function backendSpec(cluster: string, { healthPath, healthPort }: IngressBackend): object {
  return {
    securityPolicy: { name: webName(cluster) },
    healthCheck: { type: "HTTP", requestPath: healthPath, port: healthPort },
    timeoutSec,
    connectionDraining: { drainingTimeoutSec: 30 },
  };
}

/** The load balancer talks to the pods themselves, whose port the health check names. */
function serviceAnnotations(config: pulumi.Output<string>): Record<string, pulumi.Input<string>> {
  return {
    "cloud.google.com/neg": JSON.stringify({ ingress: true }),
    "cloud.google.com/backend-config": config.apply((name) => JSON.stringify({ default: name })),
  };
}
