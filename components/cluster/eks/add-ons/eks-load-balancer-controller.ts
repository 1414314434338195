import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { selfSignedCertificate } from "../../../../lib/certificate.ts";
import { charts } from "../../../charts.ts";
import type { Images } from "../../../images.ts";
import { labels } from "../../../objects/labels.ts";
import { restrictedContainer } from "../../../objects/restricted.ts";
import type { PodFit } from "../../../site/pod-fit.ts";
import { IrsaRole, type OidcProvider } from "../eks-irsa.ts";
import { clusterTag } from "../eks-network.ts";
import { loadBalancerPolicy } from "./eks-load-balancer-policy.ts";

export interface EksLoadBalancerControllerArgs {
  clusterName: string;
  region: string;
  oidc: OidcProvider;
  /** Path of the roles. */
  rolePath: string;
  /** Tags of the load balancers. */
  tags: Record<string, string>;
  images: Images;
  /** What the site wants of its pods. */
  fit: PodFit;
}

const namespace = "kube-system";

/** As the chart names it, whatever the release is called. */
const webhookService = "aws-load-balancer-webhook-service";

/**
 * AWS's controller that makes an Application Load Balancer of an Ingress of the class `alb`.
 *
 * ```ts
 * new EksLoadBalancerController("aws-load-balancer-controller", { clusterName: "mlops", region, oidc, rolePath: "/mlops/", tags: {} });
 * ```
 */
export class EksLoadBalancerController extends pulumi.ComponentResource {
  constructor(name: string, args: EksLoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-load-balancer-controller:EksLoadBalancerController", name, {}, opts);
    const child = { parent: this };
    const { clusterName, region, oidc, rolePath: path } = args;
    const policy = loadBalancerPolicy(clusterName, region);
    const role = new IrsaRole(name, { oidc, account: { namespace, name }, path, policy }, child);
    const account = new k8s.core.v1.ServiceAccount(
      name,
      { metadata: { name, namespace, labels: labels(name), annotations: role.annotations } },
      child,
    );
    const seed = new random.RandomBytes(`${name}-webhook`, { length: 32 }, child).base64;
    const { name: chart, version, repository: repo } = charts.awsLoadBalancerController;
    new k8s.helm.v4.Chart(
      name,
      {
        name,
        namespace,
        chart,
        version,
        repositoryOpts: { repo },
        values: { ...valuesOf(name, args), ...webhookOf(seed) },
      },
      { ...child, dependsOn: account },
    );
    this.registerOutputs({});
  }
}

/** What is known by the configuration alone, so that a preview shows the chart's objects. */
function valuesOf(
  name: string,
  { clusterName, region, tags, images, fit }: EksLoadBalancerControllerArgs,
): Record<string, unknown> {
  return {
    fullnameOverride: name,
    image: images.inChart("awsLoadBalancerController"),
    clusterName,
    region,
    // A pod does not reach the metadata of its node, where the controller would else read the VPC.
    vpcTags: { [clusterTag]: clusterName },
    serviceAccount: { create: false, name },
    defaultTags: tags,
    // Services stay with the cloud controller.
    enableServiceMutatorWebhook: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    podSecurityContext: { fsGroup: 65534, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: restrictedContainer,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    replicaCount: 2,
    ...fitValues(fit),
  };
}

/** What the chart takes of a site's wishes: its own names for them, and plain variables alone. */
function fitValues({ pod: { volumes, ...pod }, container: { env = [], volumeMounts }, annotations }: PodFit) {
  const plain = env.flatMap(({ name = "", value }) => (value === undefined ? [] : [[name, value] as const]));
  return {
    ...pod,
    ...(volumes === undefined ? {} : { extraVolumes: volumes }),
    ...(volumeMounts === undefined ? {} : { extraVolumeMounts: volumeMounts }),
    ...(plain.length === 0 ? {} : { env: Object.fromEntries(plain) }),
    ...(Object.keys(annotations).length === 0 ? {} : { podAnnotations: annotations }),
  };
}

/** The chart would draw another certificate at each rendering. */
function webhookOf(seed: pulumi.Output<string>): Record<string, unknown> {
  const names = [`${webhookService}.${namespace}.svc`, `${webhookService}.${namespace}`];
  const webhookTLS = seed.apply((text) => {
    const { certificatePem, privateKeyPem } = selfSignedCertificate(text, names);
    return { caCert: certificatePem, cert: certificatePem, key: privateKeyPem };
  });
  return { webhookTLS: pulumi.secret(webhookTLS) };
}
