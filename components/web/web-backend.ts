import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels } from "../objects/labels.ts";
import { skipAwait } from "../objects/rollout.ts";
import { type WebUiName, webUis } from "../parts.ts";
import { type HostedExposure, webHost } from "./hosts.ts";
import { selectorOf } from "./web-interface.ts";

/** A web UI with its host. */
export interface WebBackend {
  name: WebUiName;
  host: string;
}

/** The port of the Services, whatever the pods listen on. */
export const servicePort = 80;

/** Name of the Service behind a UI's host. */
export function serviceName({ name }: WebBackend): string {
  return `${name}-web`;
}

/** Those of the UIs that have a host. */
export function backendsOf(config: HostedExposure, names: readonly WebUiName[]): WebBackend[] {
  return names.flatMap((name) => {
    const host = webHost(config, name);
    return host === undefined ? [] : [{ name, host }];
  });
}

/** The Service that an Ingress or a route leads to. */
export function backendService(
  backend: WebBackend,
  namespace: pulumi.Input<string>,
  annotations: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const { name } = backend;
  const metadata = {
    name: serviceName(backend),
    namespace,
    labels: labels(name, "web"),
    annotations: { ...skipAwait, ...annotations },
  };
  const ports = [{ name: "http", port: servicePort, targetPort: webUis[name].port }];
  return new k8s.core.v1.Service(metadata.name, { metadata, spec: { selector: selectorOf(name), ports } }, opts);
}
