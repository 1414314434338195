import type { IngressAnnotations, IngressArgs, LoadBalancing } from "../cluster.ts";

/**
 * How the load balancers of an EKS cluster are told what to do.
 *
 * A Service gets a Network Load Balancer from the cloud controller that every EKS cluster has; an Ingress gets an
 * Application Load Balancer from AWS's controller (eks-load-balancer-controller.ts).
 *
 * @param tags of the load balancers, which get none of the provider's
 */
export function eksLoadBalancing(tags: Record<string, string>): LoadBalancing {
  return {
    service: {
      [`${service}-type`]: "nlb",
      // Pods may be in one zone while the load balancer is in three.
      [`${service}-cross-zone-load-balancing-enabled`]: "true",
      [`${service}-additional-resource-tags`]: listed(tags),
    },
    ingressClass: "alb",
    prepareIngress: (args) => ingressAnnotations(args, tags),
  };
}

/** Source: https://cloud-provider-aws.sigs.k8s.io/service_controller/ */
const service = "service.beta.kubernetes.io/aws-load-balancer";

/** Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
const alb = "alb.ingress.kubernetes.io";

function ingressAnnotations(
  { backends, certificateArn, sourceRanges }: IngressArgs,
  tags: Record<string, string>,
): IngressAnnotations {
  return {
    ingress: {
      [`${alb}/scheme`]: "internet-facing",
      // The VPC CNI gives a pod an address of the VPC: no second hop over a node.
      [`${alb}/target-type`]: "ip",
      [`${alb}/listen-ports`]: JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
      [`${alb}/ssl-redirect`]: "443",
      [`${alb}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      ...(certificateArn === undefined ? {} : { [`${alb}/certificate-arn`]: certificateArn }),
      ...(sourceRanges === undefined ? {} : { [`${alb}/inbound-cidrs`]: sourceRanges.join(",") }),
      [`${alb}/load-balancer-attributes`]: "routing.http.drop_invalid_header_fields.enabled=true",
      [`${alb}/tags`]: listed(tags),
    },
    services: Object.fromEntries(
      backends.map(({ name, healthPath, healthPort }) => [
        name,
        { [`${alb}/healthcheck-path`]: healthPath, [`${alb}/healthcheck-port`]: String(healthPort) },
      ]),
    ),
  };
}

/** `a=1,b=2`. */
function listed(tags: Record<string, string>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
