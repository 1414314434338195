import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, type Resource, textsAt } from "../resource.ts";

type Evaluator = (resource: Resource) => string[];

const tlsPorts = [443, 6443, 8443];

/** Annotations that give a load balancer a private address, or TLS. */
const privateService: Record<string, RegExp> = {
  "networking.gke.io/load-balancer-type": /^internal$/i,
  "cloud.google.com/load-balancer-type": /^internal$/i,
  "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/,
  "service.beta.kubernetes.io/aws-load-balancer-internal": /^(true|0\.0\.0\.0\/0)$/,
  "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": /./,
};

const privateIngress: Record<string, RegExp> = {
  "kubernetes.io/ingress.class": /^gce-internal$/,
  "alb.ingress.kubernetes.io/scheme": /^internal$/,
};

/** Certificates that are not in `spec.tls`. */
const certificateAnnotations = [
  "alb.ingress.kubernetes.io/certificate-arn",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
  "networking.gke.io/managed-certificates",
];

function hasAnnotation(annotations: Record<string, string>, wanted: Record<string, RegExp>): boolean {
  return Object.entries(wanted).some(([key, form]) => form.test(annotations[key] ?? ""));
}

const service: Evaluator = ({ inputs }) => {
  const ranges = listAt(inputs, "spec.loadBalancerSourceRanges");
  const isOpen = ranges.length === 0 || ranges.some(isEveryone);
  const plain = listAt(inputs, "spec.ports").filter((port) => !tlsPorts.includes(Number(at(port, "port"))));
  if (at(inputs, "spec.type") !== "LoadBalancer" || !isOpen || plain.length === 0) return [];
  if (hasAnnotation(textsAt(inputs, "metadata.annotations"), privateService)) return [];
  return [`is open to everyone without TLS on port ${plain.map((port) => at(port, "port")).join(", ")}`];
};

const ingress: Evaluator = ({ inputs }) => {
  const annotations = textsAt(inputs, "metadata.annotations");
  if (hasAnnotation(annotations, privateIngress)) return [];
  const hasCertificate = certificateAnnotations.some((key) => annotations[key] !== undefined);
  if (listAt(inputs, "spec.tls").length === 0 && !hasCertificate) return ["has neither tls nor a certificate"];
  return redirects(annotations) ? [] : ["also answers plain HTTP"];
};

/** The clouds' controllers keep port 80 open unless told not to; nginx redirects by itself where there is TLS. */
function redirects(annotations: Record<string, string>): boolean {
  const isGoogle = Object.keys(annotations).some((key) => key.includes("gke.io/") || key.includes("gcp."));
  const isAws = Object.keys(annotations).some((key) => key.startsWith("alb.ingress."));
  if (isGoogle) {
    const frontend = annotations["networking.gke.io/v1beta1.FrontendConfig"] !== undefined;
    return frontend || annotations["kubernetes.io/ingress.allow-http"] === "false";
  }
  const listens = annotations["alb.ingress.kubernetes.io/listen-ports"] ?? "";
  const isHttpsAlone = listens.includes("HTTPS") && !listens.includes('"HTTP"');
  return !isAws || isHttpsAlone || annotations["alb.ingress.kubernetes.io/ssl-redirect"] !== undefined;
}

const awsListener: Evaluator = ({ inputs }) => {
  const isPlain = ["HTTP", "TCP"].includes(textAt(inputs, "protocol") ?? "");
  const isRedirect = listAt(inputs, "defaultActions").every((action) => at(action, "type") === "redirect");
  return isPlain && !isRedirect ? ["listens for plain HTTP"] : [];
};

function rule(port: unknown, ranges: readonly unknown[], toPort: unknown = port): string[] {
  const isTls = tlsPorts.includes(Number(port)) && Number(port) === Number(toPort);
  return ranges.some(isEveryone) && !isTls ? [`lets everyone reach port ${String(port)}`] : [];
}

const securityGroup: Evaluator = ({ inputs }) =>
  listAt(inputs, "ingress").flatMap((entry) =>
    rule(
      at(entry, "fromPort"),
      [...listAt(entry, "cidrBlocks"), ...listAt(entry, "ipv6CidrBlocks")],
      at(entry, "toPort"),
    ),
  );

const securityGroupRule: Evaluator = ({ inputs }) => {
  const ranges = [...listAt(inputs, "cidrBlocks"), ...listAt(inputs, "ipv6CidrBlocks")];
  return inputs.type === "ingress" ? rule(inputs.fromPort, ranges, inputs.toPort) : [];
};

const ingressRule: Evaluator = ({ inputs }) => rule(inputs.fromPort, [inputs.cidrIpv4, inputs.cidrIpv6], inputs.toPort);

const firewall: Evaluator = ({ inputs }) => {
  if (inputs.direction === "EGRESS") return [];
  const sources = listAt(inputs, "sourceRanges");
  const ports = listAt(inputs, "allows").flatMap((allow) => {
    const named = listAt(allow, "ports");
    return named.length === 0 && isObject(allow) ? ["any"] : named;
  });
  return ports.flatMap((port) => rule(port, sources));
};

const cloudSql: Evaluator = ({ inputs }) => {
  const address = at(inputs, "settings.ipConfiguration");
  const isEncrypted = ["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"].includes(
    textAt(address, "sslMode") ?? "",
  );
  return isEncrypted ? [] : ["accepts connections without TLS (settings.ipConfiguration.sslMode)"];
};

const evaluators: Record<string, Evaluator> = {
  "aws:alb/listener:Listener": awsListener,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:ec2/securityGroupRule:SecurityGroupRule": securityGroupRule,
  "aws:lb/listener:Listener": awsListener,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ingressRule,
  "gcp:compute/firewall:Firewall": firewall,
  "gcp:sql/databaseInstance:DatabaseInstance": cloudSql,
};

export const noPublicPlaintext: Rule = {
  id: "no-public-plaintext",
  severity: "critical",
  enforcement: "mandatory",
  description: "Public endpoints use TLS, and databases accept only TLS.",
  remediation:
    "Set the ranges that may connect (exposure.sourceRanges), use an ingress with a certificate, or make the endpoint internal.",
  evaluate: (resource) => {
    const object = kubernetesObject(resource);
    if (object?.kind === "Service") return service(resource);
    if (object?.kind === "Ingress") return ingress(resource);
    return evaluators[resource.type]?.(resource) ?? [];
  },
};

function isEveryone(range: unknown): boolean {
  return typeof range === "string" && range.endsWith("/0");
}
