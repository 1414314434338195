import { at, listAt, textAt } from "../../../../../lib/json.ts";
import type { Resource } from "../../../../../lib/resource.ts";
import type { LoadBalancerAnnotations } from "../../../cloud-policy.ts";
import { byType } from "../../../demands.ts";
import { openPortProblems } from "../../../open-ports.ts";

export const annotations: LoadBalancerAnnotations = {
  privateService: {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/,
    "service.beta.kubernetes.io/aws-load-balancer-internal": /^(true|0\.0\.0\.0\/0)$/,
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": /./,
  },
  privateIngress: { "alb.ingress.kubernetes.io/scheme": /^internal$/ },
  certificates: ["alb.ingress.kubernetes.io/certificate-arn"],
  answersPlainHttp: (all) => {
    const isOwn = Object.keys(all).some((key) => key.startsWith("alb.ingress."));
    const listens = all["alb.ingress.kubernetes.io/listen-ports"] ?? "";
    const isHttpsAlone = listens.includes("HTTPS") && !listens.includes('"HTTP"');
    return isOwn && !isHttpsAlone && all["alb.ingress.kubernetes.io/ssl-redirect"] === undefined;
  },
};

/** Listeners and firewalls that let plain connections in. */
export const plaintextProblems = byType({
  "aws:alb/listener:Listener": listenerProblems,
  "aws:ec2/securityGroup:SecurityGroup": ({ inputs }) =>
    listAt(inputs, "ingress").flatMap((entry) =>
      openPortProblems(
        at(entry, "fromPort"),
        [...listAt(entry, "cidrBlocks"), ...listAt(entry, "ipv6CidrBlocks")],
        at(entry, "toPort"),
      ),
    ),
  "aws:ec2/securityGroupRule:SecurityGroupRule": ({ inputs }) => {
    const ranges = [...listAt(inputs, "cidrBlocks"), ...listAt(inputs, "ipv6CidrBlocks")];
    return inputs.type === "ingress" ? openPortProblems(inputs.fromPort, ranges, inputs.toPort) : [];
  },
  "aws:lb/listener:Listener": listenerProblems,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ inputs }) =>
    openPortProblems(inputs.fromPort, [inputs.cidrIpv4, inputs.cidrIpv6], inputs.toPort),
});

function listenerProblems({ inputs }: Resource): string[] {
  const isPlain = ["HTTP", "TCP"].includes(textAt(inputs, "protocol") ?? "");
  const isRedirect = listAt(inputs, "defaultActions").every((action) => at(action, "type") === "redirect");
  return isPlain && !isRedirect ? ["listens for plain HTTP"] : [];
}
