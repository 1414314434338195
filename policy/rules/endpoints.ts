import { clouds } from "../../components/cluster/kinds.ts";
import { isEveryone, tlsPorts } from "../../components/cluster/open-ports.ts";
import { at, listAt, textAt } from "../../lib/json.ts";
import { kubernetesObject, type Resource, textsAt } from "../../lib/resource.ts";
import { cloudProblems } from "../clouds.ts";
import type { Rule } from "../rule.ts";

const annotationsByCloud = clouds.map(({ policy }) => policy.annotations);

function hasAnnotation(annotations: Record<string, string>, wanted: Readonly<Record<string, RegExp>>): boolean {
  return Object.entries(wanted).some(([key, form]) => form.test(annotations[key] ?? ""));
}

function serviceProblems({ inputs }: Resource): string[] {
  const ranges = listAt(inputs, "spec.loadBalancerSourceRanges");
  const isOpen = ranges.length === 0 || ranges.some(isEveryone);
  const plain = listAt(inputs, "spec.ports").filter((port) => !tlsPorts.includes(Number(at(port, "port"))));
  if (at(inputs, "spec.type") !== "LoadBalancer" || !isOpen || plain.length === 0) return [];
  const annotations = textsAt(inputs, "metadata.annotations");
  if (annotationsByCloud.some(({ privateService }) => hasAnnotation(annotations, privateService))) return [];
  return [`is open to everyone without TLS on port ${plain.map((port) => at(port, "port")).join(", ")}`];
}

/** The clouds' controllers keep port 80 open unless told not to; nginx redirects by itself where there is TLS. */
function ingressProblems({ inputs }: Resource): string[] {
  const annotations = textsAt(inputs, "metadata.annotations");
  if (annotationsByCloud.some(({ privateIngress }) => hasAnnotation(annotations, privateIngress))) return [];
  const hasCertificate = annotationsByCloud.some(({ certificates }) =>
    certificates.some((key) => annotations[key] !== undefined),
  );
  if (listAt(inputs, "spec.tls").length === 0 && !hasCertificate) return ["has neither tls nor a certificate"];
  const isPlain = annotationsByCloud.some(({ answersPlainHttp }) => answersPlainHttp(annotations));
  if (isPlain) return ["also serves plain HTTP"];
  return hasCertificate ? [] : hostsWithoutTls(inputs).map((host) => `has no tls for the host ${host}`);
}

/** An entry of tls without a Secret means the controller's default certificate, one without hosts means all. */
function hostsWithoutTls(inputs: Record<string, unknown>): string[] {
  const entries = listAt(inputs, "spec.tls").map((entry) => listAt(entry, "hosts").map(String));
  if (entries.some((hosts) => hosts.length === 0)) return [];
  const covered = new Set(entries.flat());
  const hosts = listAt(inputs, "spec.rules").flatMap((rule) => textAt(rule, "host") ?? []);
  return hosts.filter((host) => !covered.has(host) && !covered.has(host.replace(/^[^.]+/, "*")));
}

/** A route without a listener's name answers on each listener of its gateway, those for plain HTTP included. */
function routeProblems({ inputs }: Resource): string[] {
  const open = listAt(inputs, "spec.parentRefs").filter((parent) => textAt(parent, "sectionName") === undefined);
  return open.map((parent) => `answers on every listener of ${textAt(parent, "name") ?? "its gateway"} (sectionName)`);
}

export const noPublicPlaintext: Rule = {
  id: "no-public-plaintext",
  severity: "critical",
  enforcement: "mandatory",
  description: "Public endpoints use TLS, and databases accept only TLS.",
  remediation:
    "Set the ranges that may connect (exposure.sourceRanges), use an ingress with a certificate or a gateway's HTTPS listener, or make the endpoint internal.",
  evaluate: (resource) => {
    const object = kubernetesObject(resource);
    if (object?.kind === "Service") return serviceProblems(resource);
    if (object?.kind === "Ingress") return ingressProblems(resource);
    if (object?.kind === "HTTPRoute") return routeProblems(resource);
    return cloudProblems("no-public-plaintext", resource);
  },
};
