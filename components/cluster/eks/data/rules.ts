import { overlap } from "../../../../lib/cidr.ts";
import { regionPattern } from "./schema.ts";
import { type Facts, isPublic, list, object, text } from "../../../../config/facts.ts";
import { rdsAuthorities } from "./rds-authorities.ts";
import type { Rule } from "../../../../config/rule.ts";

const isEks = ({ kind }: Facts) => kind === "eks";
const regionOf = ({ cluster }: Facts) => text(cluster.region);
const isManaged = ({ postgres }: Facts) => (postgres.kind ?? "managed") === "managed";
/** The cluster's own load balancer controller answers an Ingress without a class. */
const isBehindAlb = (facts: Facts) =>
  isEks(facts) && facts.exposure.kind === "ingress" && facts.exposure.className === undefined;
const identityOf = ({ cluster }: Facts) => object(cluster.identity);

/** Local zones have a city in their name, and no control plane. */
const isZoneOf = (region: string, zone: string) => zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));

/** Machines of each pool by the key of the pool. */
const pools = ["nodes", "spotNodes", "gpuNodes"];

/** What must hold between the keys of an EKS cluster. */
export const eksRules: Rule[] = [
  {
    key: "cluster.zones",
    broken: (facts) => isEks(facts) && list(facts.cluster.zones).some((zone) => !isZoneOf(regionOf(facts), text(zone))),
    allowed: (facts) => `zones of ${regionOf(facts)}, the region and one letter each`,
    fix: "[]",
  },
  {
    key: "cluster.authorizedNetworks",
    broken: (facts) => isEks(facts) && list(facts.cluster.authorizedNetworks).some(isPublic),
    allowed: "ranges of your own network: a control plane is never open to everyone",
    fix: '["203.0.113.0/24"]',
  },
  {
    key: "cluster.network.servicesCidr",
    broken: (facts) => {
      const { cidr = "10.10.0.0/16", servicesCidr = "172.20.0.0/16" } = object(facts.cluster.network);
      return isEks(facts) && overlap(cidr, servicesCidr);
    },
    allowed: ({ cluster }) => `a range outside of cluster.network.cidr ${text(object(cluster.network).cidr)}`,
    fix: "172.20.0.0/16",
  },
  ...pools.map((pool): Rule => ({
    key: `cluster.${pool}.machineType`,
    broken: (facts) => isEks(facts) && /^([a-z]+\d+g[a-z]*|a1)\./.test(text(object(facts.cluster[pool]).machineType)),
    allowed: "an instance type with x86 processors, which the images are built for",
    fix: "m7i.xlarge",
  })),
  {
    key: "cluster.nodes.diskType",
    broken: ({ cluster, kind }) => {
      const { diskType = "gp3" } = object(cluster.nodes);
      return kind === "eks" && !["gp2", "gp3"].includes(text(diskType));
    },
    allowed: "gp3 or gp2",
    fix: "gp3",
  },
  {
    key: "cluster.nodes.podsPerNode",
    broken: (facts) => isEks(facts) && Number(object(facts.cluster.nodes).podsPerNode ?? 110) > 110,
    allowed: "at most 110, which is what EKS supports on machines with less than 30 CPUs",
    fix: "110",
  },
  {
    key: "cluster.region",
    broken: (facts) =>
      isEks(facts) &&
      isManaged(facts) &&
      regionPattern.test(regionOf(facts)) &&
      rdsAuthorities(regionOf(facts)) === undefined,
    allowed: "a region whose RDS authorities are known, or postgres.kind cluster or external",
    fix: "eu-central-1",
  },
  {
    key: "postgres.instanceType",
    broken: ({ kind, postgres }) =>
      kind === "eks" && postgres.instanceType !== undefined && !text(postgres.instanceType).startsWith("db."),
    allowed: "a class of RDS",
    fix: "db.t4g.medium",
  },
  {
    key: "postgres.storageGiB",
    broken: (facts) => isEks(facts) && isManaged(facts) && Number(facts.postgres.storageGiB ?? 20) < 20,
    allowed: "at least 20, which is the smallest disk of RDS",
    fix: "20",
  },
  {
    key: "exposure.certificateArn",
    broken: (facts) => {
      const [, , , region] = text(facts.exposure.certificateArn).split(":");
      return isBehindAlb(facts) && region !== undefined && region !== regionOf(facts);
    },
    allowed: (facts) => `a certificate in ${regionOf(facts)}, where the load balancer is`,
    fix: "arn:aws:acm:<region>:<account>:certificate/<id>",
  },
  {
    key: "exposure.tlsSecretName",
    broken: (facts) => isBehindAlb(facts) && facts.exposure.tlsSecretName !== undefined,
    allowed: "nothing: the load balancer takes its certificate from exposure.certificateArn",
  },
  {
    key: "cluster.identity.oidcProviderArn",
    broken: (facts) => {
      const { kind, region, oidcProviderArn } = identityOf(facts);
      const [, issuerRegion] = /oidc\.eks\.([a-z0-9-]+)\./.exec(text(oidcProviderArn)) ?? [];
      return kind === "eks" && issuerRegion !== undefined && issuerRegion !== region;
    },
    allowed: (facts) => `the provider of a cluster in cluster.identity.region ${text(identityOf(facts).region)}`,
    fix: "arn:aws:iam::<account>:oidc-provider/oidc.eks.<region>.amazonaws.com/id/<id>",
  },
];
