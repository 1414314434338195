import { clouds } from "../../components/cluster/kinds.ts";
import { isEveryone, tlsPorts } from "../../components/cluster/open-ports.ts";
import { at, listAt } from "../../lib/json.ts";
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
  return isPlain ? ["also serves plain HTTP"] : [];
}

export const noPublicPlaintext: Rule = {
  id: "no-public-plaintext",
  severity: "critical",
  enforcement: "mandatory",
  description: "Public endpoints use TLS, and databases accept only TLS.",
  remediation:
    "Set the ranges that may connect (exposure.sourceRanges), use an ingress with a certificate, or make the endpoint internal.",
  evaluate: (resource) => {
    const object = kubernetesObject(resource);
    if (object?.kind === "Service") return serviceProblems(resource);
    if (object?.kind === "Ingress") return ingressProblems(resource);
    return cloudProblems("no-public-plaintext", resource);
  },
};
