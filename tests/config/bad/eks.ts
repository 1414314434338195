import type { BadCase } from "./bad-case.ts";

interface EksCase extends Omit<BadCase, "config"> {
  /** Keys of the cluster beside its kind and region. */
  cluster?: object;
  /** Other keys of the stack. */
  more?: object;
}

const arn = "arn:aws:acm:eu-central-1:111122223333:certificate/example";
const ingress = { kind: "ingress", domain: "ml.example.org", certificateArn: arn };
const provider = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";

const wrong: EksCase[] = [
  {
    name: "a zone for a region",
    cluster: { region: "eu-central-1a" },
    key: "cluster.region",
    found: '"eu-central-1a"',
    allowed: "a region such as eu-central-1",
    fix: "--path 'cluster.region'",
  },
  {
    name: "a region whose database nobody could verify",
    cluster: { region: "xx-nowhere-1" },
    key: "cluster.region",
    found: '"xx-nowhere-1"',
    allowed: "postgres.kind cluster or external",
    fix: "--path 'cluster.region'",
  },
  {
    name: "two zones",
    cluster: { zones: ["eu-central-1a", "eu-central-1b"] },
    key: "cluster.zones",
    found: '["eu-central-1a","eu-central-1b"]',
    allowed: "three different zones",
    fix: "write cluster.zones as three different zones",
  },
  {
    name: "zones of another region",
    cluster: { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    key: "cluster.zones",
    found: "eu-west-1a",
    allowed: "zones of eu-central-1",
    fix: "--path 'cluster.zones'",
  },
  ...[
    ["a local zone", "eu-central-1-ham-1a"],
    ["a zone with a number more", "eu-central-12b"],
    ["a zone of two letters", "eu-central-1ab"],
    ["a region for a zone", "eu-central-1"],
  ].map(([name = "", zone = ""]) => ({
    name,
    cluster: { zones: [zone, "eu-central-1b", "eu-central-1c"] },
    key: "cluster.zones",
    found: zone,
    allowed: "zones of eu-central-1: the region and one letter, such as eu-central-1a",
    fix: "rm --path 'cluster.zones'",
  })),
  {
    name: "a VPC that is too small",
    cluster: { network: { cidr: "10.10.0.0/24" } },
    key: "cluster.network.cidr",
    found: '"10.10.0.0/24"',
    allowed: "between /16 and /20",
    fix: "'cluster.network.cidr'",
  },
  {
    name: "Services inside of the VPC",
    cluster: { network: { cidr: "10.0.0.0/16", servicesCidr: "10.0.128.0/20" } },
    key: "cluster.network.servicesCidr",
    found: '"10.0.128.0/20"',
    allowed: "outside cluster.network.cidr, which is 10.0.0.0/16",
    fix: "172.20.0.0/16",
  },
  {
    name: "Services at public addresses",
    cluster: { network: { servicesCidr: "8.8.0.0/16" } },
    key: "cluster.network.servicesCidr",
    found: '"8.8.0.0/16"',
    allowed: "a private IPv4 range",
    fix: "'cluster.network.servicesCidr'",
  },
  {
    name: "two NAT gateways",
    cluster: { network: { natGateways: 2 } },
    key: "cluster.network.natGateways",
    found: "2",
    allowed: "1, 3 for one in each zone, or 0 for nodes with public addresses",
    fix: "'cluster.network.natGateways'",
  },
  {
    name: "a control plane that is open to everyone",
    cluster: { authorizedNetworks: ["0.0.0.0/1", "128.0.0.0/1"] },
    key: "cluster.authorizedNetworks",
    found: '["0.0.0.0/1","128.0.0.0/1"]',
    allowed: "0.0.0.0/0 for every address",
    fix: "--path 'cluster.authorizedNetworks[0]'",
  },
  {
    name: "an authorized network that is none",
    cluster: { authorizedNetworks: ["office"] },
    key: "cluster.authorizedNetworks[0]",
    found: '"office"',
    allowed: "an IPv4 CIDR",
    fix: "'cluster.authorizedNetworks[0]'",
  },
  {
    name: "spot machines for the platform's own nodes",
    cluster: { nodes: { spot: true } },
    key: "cluster.nodes.spot",
    found: "true",
    allowed: "cluster.spotNodes",
    fix: "--path 'cluster.nodes.spot'",
  },
  {
    name: "machines with ARM processors",
    cluster: { nodes: { machineType: "m7g.xlarge" } },
    key: "cluster.nodes.machineType",
    found: '"m7g.xlarge"',
    allowed: "x86",
    fix: "m7i.xlarge",
  },
  {
    name: "spot machines with ARM processors",
    cluster: { spotNodes: { machineType: "c7gn.large" } },
    key: "cluster.spotNodes.machineType",
    found: '"c7gn.large"',
    allowed: "x86",
    fix: "m7i.xlarge",
  },
  {
    name: "a disk type of another cloud",
    cluster: { nodes: { diskType: "pd-standard" } },
    key: "cluster.nodes.diskType",
    found: '"pd-standard"',
    allowed: "gp3 or gp2",
    fix: "gp3",
  },
  {
    name: "more pods than a node may have",
    cluster: { nodes: { podsPerNode: 250 } },
    key: "cluster.nodes.podsPerNode",
    found: "250",
    allowed: "at most 110",
    fix: "110",
  },
  {
    name: "fewest nodes above the most",
    cluster: { nodes: { minCount: 4 } },
    key: "cluster.nodes.minCount",
    found: "4",
    allowed: "at most cluster.nodes.maxCount, which is 3",
    fix: "'cluster.nodes.minCount' 1",
  },
  {
    name: "a count of accelerators, which the machine has",
    cluster: { gpuNodes: { acceleratorCount: 2 } },
    key: "cluster.gpuNodes.acceleratorCount",
    found: "2",
    allowed: "no count: cluster.gpuNodes.machineType decides it",
    fix: "pulumi config rm",
  },
  {
    name: "a session as an administrator",
    cluster: { administrators: ["arn:aws:sts::111122223333:assumed-role/admin/me"] },
    key: "cluster.administrators[0]",
    found: "assumed-role",
    allowed: "arn:aws:iam::<account>:role/<name>",
    fix: "'cluster.administrators[0]'",
  },
  {
    name: "an administrator twice",
    cluster: { administrators: Array<string>(2).fill("arn:aws:iam::111122223333:role/admin") },
    key: "cluster.administrators",
    found: "role/admin",
    allowed: "each principal once",
    fix: "'cluster.administrators'",
  },
  {
    name: "a patch version of Kubernetes",
    cluster: { kubernetesVersion: "1.35.2" },
    key: "cluster.kubernetesVersion",
    found: '"1.35.2"',
    allowed: "a minor version such as 1.35",
    fix: "'cluster.kubernetesVersion'",
  },
  {
    name: "a name that no bucket can have",
    cluster: { name: "My_Platform" },
    key: "cluster.name",
    found: '"My_Platform"',
    allowed: "at most 30 characters of a-z, 0-9 and -",
    fix: "'cluster.name'",
  },
  {
    name: "an EC2 type for the database",
    more: { postgres: { kind: "managed", instanceType: "m7g.large" } },
    key: "postgres.instanceType",
    found: '"m7g.large"',
    allowed: "an RDS instance class",
    fix: "db.t4g.medium",
  },
  {
    name: "a disk that is too small for RDS",
    more: { postgres: { kind: "managed", storageGiB: 10 } },
    key: "postgres.storageGiB",
    found: "10",
    allowed: "at least 20",
    fix: "20",
  },
  {
    name: "an ingress without a certificate",
    more: { exposure: { kind: "ingress", domain: "ml.example.org" } },
    key: "exposure.certificateArn",
    found: "nothing",
    allowed: "the ACM certificate",
    fix: "--path 'exposure.certificateArn'",
  },
  {
    name: "a certificate without a host",
    more: { exposure: { kind: "ingress", certificateArn: arn } },
    key: "exposure.domain",
    found: "nothing",
    allowed: "the parent domain of the UIs' hosts",
    fix: "--path 'exposure.domain'",
  },
  {
    name: "a certificate of another region",
    more: { exposure: { ...ingress, certificateArn: arn.replace("eu-central-1", "us-east-1") } },
    key: "exposure.certificateArn",
    found: "us-east-1",
    allowed: "an ACM certificate in eu-central-1",
    fix: "--path 'exposure.certificateArn'",
  },
  {
    name: "a certificate of IAM, which load balancers of EKS do not take",
    more: { exposure: { ...ingress, certificateArn: "arn:aws:iam::123456789012:server-certificate/platform" } },
    key: "exposure.certificateArn",
    found: "server-certificate",
    allowed: "an ACM certificate in eu-central-1",
    fix: "--path 'exposure.certificateArn'",
  },
  {
    name: "a Secret with a certificate, which the load balancer cannot read",
    more: { exposure: { ...ingress, tlsSecretName: "tls" } },
    key: "exposure.tlsSecretName",
    found: '"tls"',
    allowed: "exposure.certificateArn",
    fix: "pulumi config rm",
  },
  {
    name: "node ports of private nodes",
    more: { exposure: { kind: "nodePort" } },
    key: "exposure.kind",
    found: '"nodePort"',
    allowed: "portForward, loadBalancer, ingress or gateway on eks",
    fix: "portForward",
  },
  {
    name: "a machine of Google",
    cluster: { nodes: { machineType: "e2-standard-4" } },
    key: "cluster.nodes.machineType",
    found: '"e2-standard-4"',
    allowed: "an instance type of AWS",
    fix: "'cluster.nodes.machineType' m7i.xlarge",
  },
  {
    name: "a size that AWS does not have",
    cluster: { nodes: { machineType: "m7i.5xlarge" } },
    key: "cluster.nodes.machineType",
    found: '"m7i.5xlarge"',
    allowed: "m7i.large, .xlarge",
    fix: "'cluster.nodes.machineType' m7i.xlarge",
  },
  {
    name: "accelerators on instances that have none",
    cluster: { gpuNodes: { machineType: "m7i.xlarge" } },
    key: "cluster.gpuNodes.machineType",
    found: '"m7i.xlarge"',
    allowed: "an instance type with accelerators",
    fix: "'cluster.gpuNodes.machineType' g6.xlarge",
  },
  {
    name: "an accelerator of other instances",
    cluster: { gpuNodes: { machineType: "g5.xlarge" } },
    key: "cluster.gpuNodes.accelerator",
    found: "nothing",
    allowed: "nvidia-a10g, which g5.xlarge has",
    fix: "'cluster.gpuNodes.accelerator' nvidia-a10g",
  },
  {
    name: "a mistyped region",
    cluster: { region: "eu-centrl-1" },
    more: { postgres: { kind: "cluster" } },
    key: "cluster.region",
    found: '"eu-centrl-1"',
    allowed: "did you mean eu-central-1?",
    fix: "'cluster.region' eu-central-1",
  },
];

const wrongIdentities: EksCase[] = [
  {
    name: "an issuer for the ARN of its provider",
    cluster: { oidcProviderArn: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE" },
    key: "cluster.identity.oidcProviderArn",
    found: '"https://',
    allowed: "arn:aws:iam::<account>:oidc-provider/<issuer>",
    fix: "'cluster.identity.oidcProviderArn'",
  },
  {
    name: "a provider of another region",
    cluster: { region: "us-east-1" },
    key: "cluster.identity.oidcProviderArn",
    found: "eu-central-1",
    allowed: "cluster.identity.region, which is us-east-1",
    fix: "--path 'cluster.identity.oidcProviderArn'",
  },
];

const imageRegistry = "registry.example.org/mlops";

/** Wrong configurations of an EKS cluster. */
export const badEks: BadCase[] = [
  ...wrong.map(({ cluster, more, ...its }) => ({
    ...its,
    config: { imageRegistry, cluster: { kind: "eks", region: "eu-central-1", ...cluster }, ...more },
  })),
  ...wrongIdentities.map(({ cluster, ...its }) => {
    const identity = { kind: "eks", region: "eu-central-1", oidcProviderArn: provider, ...cluster };
    return { ...its, config: { imageRegistry, cluster: { kind: "existing", context: "team", identity } } };
  }),
];
