import { overlap } from "../../../../lib/cidr.ts";
import { ask, askEach, set } from "../../../../config/fixes.ts";
import { everyone } from "../../cloud-rules.ts";
import { regionRule, regionWarning } from "../../cloud-regions.ts";
import { type Machines, machineRules, machineWarnings } from "../../machine-rules.ts";
import type { Rule } from "../../../../config/rule.ts";
import type { StackConfig } from "../../../../config/sections.ts";
import { acceleratorOf, hasNoAccelerator, isArm, isUnknownFamily, machineExpected, regions } from "./machines.ts";
import { autoscalerMinors } from "./autoscalers.ts";
import { rdsAuthorities } from "./rds-authorities.ts";
import type { EksConfig, EksIdentity } from "./schema.ts";

type Stack = StackConfig<EksConfig>;
type Ingress = Extract<Stack["exposure"], { kind: "ingress" }>;

/** Whether a condition holds for an Ingress without a class: the cluster's own load balancer controller serves it. */
const onOwnBalancer =
  (holds: (ingress: Ingress, region: string) => boolean) =>
  ({ cluster, exposure }: Stack): boolean =>
    exposure.kind === "ingress" && exposure.className === undefined && holds(exposure, cluster.region);

/** Local zones have a city in their name, and no control plane. */
const isZoneOf = (region: string, zone: string) => zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));

const machines: Machines = {
  type: "an instance type",
  group: "a family",
  isArm,
  expected: machineExpected,
  isUnknown: isUnknownFamily,
  usual: "m7i.xlarge",
  usualGpu: "g6.xlarge",
};

/** Rules between the keys of an EKS cluster. */
export const eksRules: Rule<EksConfig>[] = [
  {
    key: "cluster.zones",
    broken: ({ cluster: { region, zones } }) => zones.some((zone) => !isZoneOf(region, zone)),
    allowed: ({ cluster }) => `zones of ${cluster.region}: the region and one letter, such as ${cluster.region}a`,
  },
  {
    key: "cluster.network.servicesCidr",
    broken: ({ cluster: { network } }) => overlap(network.cidr, network.servicesCidr),
    allowed: ({ cluster }) => `a range outside cluster.network.cidr, which is ${cluster.network.cidr}`,
    fix: "172.20.0.0/16",
  },
  ...machineRules(machines),
  {
    key: "cluster.gpuNodes.machineType",
    broken: ({ cluster: { gpuNodes } }) => gpuNodes !== undefined && hasNoAccelerator(gpuNodes.machineType),
    allowed: "an instance type with accelerators: g5, g6, p4d and others",
    fix: "g6.xlarge",
  },
  {
    key: "cluster.gpuNodes.accelerator",
    broken: ({ cluster: { gpuNodes } }) => {
      const part = acceleratorOf(gpuNodes?.machineType ?? "");
      return part !== undefined && !gpuNodes?.accelerator.split("-").includes(part);
    },
    allowed: ({ cluster: { gpuNodes } }) =>
      `nvidia-${acceleratorOf(gpuNodes?.machineType ?? "") ?? ""}, which ${gpuNodes?.machineType ?? ""} has`,
    fix: (key, { cluster: { gpuNodes } }) => set(key, `nvidia-${acceleratorOf(gpuNodes?.machineType ?? "") ?? ""}`),
  },
  regionRule("AWS", regions),
  {
    key: "cluster.nodeRelease",
    broken: ({ cluster: { nodeRelease, kubernetesVersion } }) =>
      nodeRelease !== undefined && kubernetesVersion !== undefined && !nodeRelease.startsWith(`${kubernetesVersion}.`),
    allowed: ({ cluster: { kubernetesVersion = "" } }) =>
      `a release for cluster.kubernetesVersion, which is ${kubernetesVersion}, or no value`,
    fix: ask,
  },
  {
    key: "cluster.nodes.diskType",
    broken: ({ cluster }) => !["gp2", "gp3"].includes(cluster.nodes.diskType),
    allowed: "gp3 or gp2",
    fix: "gp3",
  },
  {
    key: "cluster.nodes.podsPerNode",
    broken: ({ cluster }) => cluster.nodes.podsPerNode > 110,
    allowed: "at most 110, the limit of EKS on machines with fewer than 30 CPUs",
    fix: 110,
  },
  {
    key: "cluster.region",
    broken: ({ cluster, postgres }) => postgres.kind === "managed" && rdsAuthorities(cluster.region) === undefined,
    allowed: "a region whose RDS authorities are known, or postgres.kind cluster or external",
    fix: ask,
  },
  {
    key: "postgres.instanceType",
    broken: ({ postgres }) => postgres.kind === "managed" && postgres.instanceType?.startsWith("db.") === false,
    allowed: "an RDS instance class",
    fix: "db.t4g.medium",
  },
  {
    key: "postgres.storageGiB",
    broken: ({ postgres }) => postgres.kind === "managed" && postgres.storageGiB < 20,
    allowed: "at least 20, the smallest disk of RDS",
    fix: 20,
  },
  {
    key: "exposure.certificateArn",
    broken: onOwnBalancer(({ certificateArn }) => certificateArn === undefined),
    allowed:
      "the ACM certificate for the hosts of exposure.domain and exposure.hosts, arn:aws:acm:<region>:<account>:certificate/<id>",
    fix: ask,
  },
  {
    key: "exposure.certificateArn",
    broken: onOwnBalancer(
      ({ certificateArn }, region) =>
        certificateArn !== undefined && !new RegExp(`^arn:aws[a-z-]*:acm:${region}:`).test(certificateArn),
    ),
    allowed: ({ cluster }) => `an ACM certificate in ${cluster.region}, where the load balancer is`,
    fix: ask,
  },
  {
    key: "exposure.tlsSecretName",
    broken: onOwnBalancer(({ tlsSecretName }) => tlsSecretName !== undefined),
    allowed: "no value: the load balancer takes its certificate from exposure.certificateArn",
  },
];

/** Rules for the identity of an existing EKS cluster. */
export const eksIdentityRules: Rule<{ identity: EksIdentity }>[] = [
  {
    key: "cluster.identity.oidcProviderArn",
    broken: ({ cluster: { identity } }) => {
      const [, region = identity.region] = /oidc\.eks\.([a-z0-9-]+)\./.exec(identity.oidcProviderArn) ?? [];
      return region !== identity.region;
    },
    allowed: ({ cluster }) =>
      `the OIDC provider of a cluster in cluster.identity.region, which is ${cluster.identity.region}`,
    fix: ask,
  },
];

/** What is most likely wrong, although nothing here can be sure of it. */
export const eksWarnings: Rule<EksConfig>[] = [
  regionWarning("AWS", regions),
  ...machineWarnings(machines),
  {
    key: "imageRegistry",
    broken: ({ cluster: { region, name }, imageRegistry }) => {
      const [, place, path] =
        /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/.exec(imageRegistry) ?? [];
      return place !== undefined && (place !== region || path !== name);
    },
    allowed: ({ cluster: { region, name } }) =>
      `the registry that the program creates, <account>.dkr.ecr.${region}.amazonaws.com/${name}`,
    fix: ask,
  },
  {
    key: "cluster.authorizedNetworks",
    broken: ({ cluster }) => cluster.authorizedNetworks.includes(everyone),
    allowed:
      "the ranges that you deploy from, if you know them: now every address reaches the control plane, and IAM alone decides who gets in",
    fix: (key, { cluster }) => askEach(key, cluster.authorizedNetworks, (range) => range === everyone),
  },
  {
    key: "cluster.kubernetesVersion",
    broken: ({ cluster: { kubernetesVersion } }) =>
      kubernetesVersion !== undefined && !autoscalerMinors.includes(kubernetesVersion),
    allowed: `${autoscalerMinors.join(", ")}: this version of the program has the Cluster Autoscaler of these`,
    fix: ask,
  },
];
