import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";

const imageRegistry = "europe-west4-docker.pkg.dev/acme-ml-prod/mlops";
const cluster = { kind: "gke", project: "acme-ml-prod", region: "europe-west4" };
const withCluster = (own: object) => ({ imageRegistry, cluster: { ...cluster, ...own } });
const withNetwork = (network: object) => withCluster({ network });
const withExposure = (own: object) => ({ imageRegistry, cluster, exposure: { kind: "ingress", ...own } });

/** What is wrong, and the parts that its message must have: key, what was found, what is allowed, the fix. */
interface BadCase {
  name: string;
  config: Record<string, unknown>;
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

const bad: BadCase[] = [
  {
    name: "no project",
    config: { imageRegistry, cluster: { kind: "gke", region: "europe-west4" } },
    key: "cluster.project",
    found: "nothing",
    allowed: "a string",
    fix: "pulumi config set --path 'cluster.project'",
  },
  {
    name: "a project's name in place of its id",
    config: withCluster({ project: "Acme ML" }),
    key: "cluster.project",
    found: '"Acme ML"',
    allowed: "a project id",
    fix: "'cluster.project'",
  },
  {
    name: "a zone in place of a region",
    config: withCluster({ region: "europe-west4-b" }),
    key: "cluster.region",
    found: '"europe-west4-b"',
    allowed: "not a zone",
    fix: "'cluster.region'",
  },
  {
    name: "a zone of another region",
    config: withCluster({ zones: ["europe-west4-b", "europe-west1-b"] }),
    key: "cluster.zones",
    found: "europe-west1-b",
    allowed: "zones of cluster.region, which is europe-west4",
    fix: "'cluster.zones' '[]'",
  },
  {
    name: "a zone twice",
    config: withCluster({ zones: ["europe-west4-b", "europe-west4-b"] }),
    key: "cluster.zones",
    found: "europe-west4-b",
    allowed: "each zone once",
    fix: "'cluster.zones'",
  },
  {
    name: "fewer nodes than zones",
    config: withCluster({ zones: ["a", "b", "c"].map((zone) => `europe-west4-${zone}`), nodes: { maxCount: 2 } }),
    key: "cluster.nodes.maxCount",
    found: "2",
    allowed: "at least 3, one for each of cluster.zones",
    fix: "'cluster.nodes.maxCount' 3",
  },
  {
    name: "pods in the range of the nodes",
    config: withNetwork({ podsCidr: "10.10.0.0/16" }),
    key: "cluster.network.podsCidr",
    found: '"10.10.0.0/16"',
    allowed: "no address with cluster.network.nodesCidr, 10.10.0.0/20",
    fix: "10.20.0.0/16",
  },
  {
    name: "a database in the range of the Services",
    config: withNetwork({ servicesCidr: "10.50.0.0/20", databaseCidr: "10.50.8.0/24" }),
    key: "cluster.network.databaseCidr",
    found: '"10.50.8.0/24"',
    allowed: "cluster.network.servicesCidr, 10.50.0.0/20",
    fix: "10.40.0.0/20",
  },
  {
    name: "too few addresses for pods",
    config: withNetwork({ podsCidr: "10.20.0.0/24" }),
    key: "cluster.network.podsCidr",
    found: '"10.20.0.0/24"',
    allowed: "between /9 and /21",
    fix: "'cluster.network.podsCidr'",
  },
  {
    name: "nodes by an address that is not the range's first",
    config: withNetwork({ nodesCidr: "10.10.3.0/20" }),
    key: "cluster.network.nodesCidr",
    found: '"10.10.3.0/20"',
    allowed: "10.10.0.0/20",
    fix: "'cluster.network.nodesCidr'",
  },
  {
    name: "pods at addresses of others on the Internet",
    config: withNetwork({ podsCidr: "8.8.0.0/16" }),
    key: "cluster.network.podsCidr",
    found: '"8.8.0.0/16"',
    allowed: "a private range, in 10.0.0.0/8",
    fix: "'cluster.network.podsCidr'",
  },
  {
    name: "a range that is private in part only",
    config: withNetwork({ databaseCidr: "172.0.0.0/8" }),
    key: "cluster.network.databaseCidr",
    found: '"172.0.0.0/8"',
    allowed: "172.16.0.0/12",
    fix: "'cluster.network.databaseCidr'",
  },
  {
    name: "too few addresses for Services",
    config: withNetwork({ servicesCidr: "10.30.0.0/27" }),
    key: "cluster.network.servicesCidr",
    found: '"10.30.0.0/27"',
    allowed: "between /16 and /24",
    fix: "'cluster.network.servicesCidr'",
  },
  {
    name: "too few addresses for the pods of the most nodes",
    config: withCluster({ nodes: { maxCount: 8 }, network: { podsCidr: "10.20.0.0/21" } }),
    key: "cluster.network.podsCidr",
    found: '"10.20.0.0/21"',
    allowed: "at least a /20: 9 nodes (maxCount of each pool, and one more during its upgrade) need 2304 addresses",
    fix: "10.128.0.0/12",
  },
  {
    name: "too few addresses for the pods of every pool",
    config: withCluster({ spotNodes: { maxCount: 200 }, gpuNodes: { maxCount: 60 } }),
    key: "cluster.network.podsCidr",
    found: "nothing",
    allowed: "at least a /15: 266 nodes (maxCount of each pool, and one more during its upgrade) need 68096 addresses",
    fix: "10.128.0.0/12",
  },
  {
    name: "too few addresses for the nodes",
    config: withCluster({ nodes: { maxCount: 4 }, network: { nodesCidr: "10.10.0.0/29" } }),
    key: "cluster.network.nodesCidr",
    found: '"10.10.0.0/29"',
    allowed: "at least a /28: 5 nodes (maxCount of each pool, and one more during its upgrade) need 9 addresses",
    fix: "10.10.0.0/20",
  },
  {
    name: "machines with Arm processors",
    config: withCluster({ nodes: { machineType: "t2a-standard-4" } }),
    key: "cluster.nodes.machineType",
    found: '"t2a-standard-4"',
    allowed: "x86",
    fix: "e2-standard-4",
  },
  {
    name: "spot machines with Arm processors",
    config: withCluster({ spotNodes: { machineType: "c4a-standard-4" } }),
    key: "cluster.spotNodes.machineType",
    found: '"c4a-standard-4"',
    allowed: "x86",
    fix: "e2-standard-4",
  },
  {
    name: "machines with accelerators and Arm processors",
    config: withCluster({ gpuNodes: { machineType: "n4a-standard-4" } }),
    key: "cluster.gpuNodes.machineType",
    found: '"n4a-standard-4"',
    allowed: "x86",
    fix: "g2-standard-4",
  },
  {
    name: "a disk type of another cloud",
    config: withCluster({ nodes: { diskType: "gp3" } }),
    key: "cluster.nodes.diskType",
    found: '"gp3"',
    allowed: "pd-… or hyperdisk-…",
    fix: "pd-balanced",
  },
  {
    name: "a database's machine of another cloud",
    config: { ...withCluster({}), postgres: { kind: "managed", instanceType: "db.t4g.medium" } },
    key: "postgres.instanceType",
    found: '"db.t4g.medium"',
    allowed: "a tier of Cloud SQL",
    fix: "db-custom-2-7680",
  },
  {
    name: "a database's machine of the other edition",
    config: { ...withCluster({}), postgres: { kind: "managed", instanceType: "db-perf-optimized-N-2" } },
    key: "postgres.instanceType",
    found: '"db-perf-optimized-N-2"',
    allowed: "Enterprise edition",
    fix: "db-custom-2-7680",
  },
  {
    name: "a network of another project",
    config: withNetwork({ name: "projects/host/global/networks/shared", subnetwork: "ml" }),
    key: "cluster.network.name",
    found: "projects/host",
    allowed: "a shared VPC of another project is not supported yet",
    fix: "'cluster.network.name'",
  },
  {
    name: "a subnetwork of another project",
    config: withNetwork({ name: "shared", subnetwork: "projects/host/regions/europe-west4/subnetworks/ml" }),
    key: "cluster.network.subnetwork",
    found: "projects/host",
    allowed: "a bare name in cluster.project",
    fix: "'cluster.network.subnetwork'",
  },
  {
    name: "a range of the database that Google cannot take",
    config: withNetwork({ databaseCidr: "10.40.0.0/28" }),
    key: "cluster.network.databaseCidr",
    found: '"10.40.0.0/28"',
    allowed: "between /8 and /24",
    fix: "'cluster.network.databaseCidr'",
  },
  {
    name: "a network without its subnetwork",
    config: withNetwork({ name: "shared" }),
    key: "cluster.network.subnetwork",
    found: "nothing",
    allowed: "subnetwork in the network cluster.network.name",
    fix: "'cluster.network.subnetwork'",
  },
  {
    name: "a subnetwork without its network",
    config: withNetwork({ subnetwork: "ml" }),
    key: "cluster.network.name",
    found: "nothing",
    allowed: "the network that contains cluster.network.subnetwork",
    fix: "'cluster.network.name'",
  },
  {
    name: "a control plane for everyone",
    config: withCluster({ authorizedNetworks: ["0.0.0.0/0"] }),
    key: "cluster.authorizedNetworks",
    found: '"0.0.0.0/0"',
    allowed: "none wider than /8, or an empty list",
    fix: "'cluster.authorizedNetworks'",
  },
  {
    name: "a control plane for both halves of everyone",
    config: withCluster({ authorizedNetworks: ["0.0.0.0/1", "128.0.0.0/1"] }),
    key: "cluster.authorizedNetworks",
    found: '"128.0.0.0/1"',
    allowed: "none wider than /8",
    fix: "'cluster.authorizedNetworks'",
  },
  {
    name: "an IPv6 range, which a control plane does not take",
    config: withCluster({ authorizedNetworks: ["2001:db8::/32"] }),
    key: "cluster.authorizedNetworks[0]",
    found: '"2001:db8::/32"',
    allowed: "an IPv4 CIDR",
    fix: "'cluster.authorizedNetworks[0]'",
  },
  {
    name: "an address of a host in place of the range's first",
    config: withCluster({ authorizedNetworks: ["198.51.100.0/24", "203.0.113.7/24"] }),
    key: "cluster.authorizedNetworks[1]",
    found: '"203.0.113.7/24"',
    allowed: "203.0.113.0/24",
    fix: "'cluster.authorizedNetworks[1]'",
  },
  {
    name: "who may connect by an address of a host",
    config: {
      ...withCluster({}),
      exposure: { kind: "loadBalancer", sourceRanges: ["2001:db8::1/32"] },
    },
    key: "exposure.sourceRanges[0]",
    found: '"2001:db8::1/32"',
    allowed: "2001:db8::/32",
    fix: "'exposure.sourceRanges[0]'",
  },
  {
    name: "spot machines for what keeps state",
    config: withCluster({ nodes: { spot: true } }),
    key: "cluster.nodes.spot",
    found: "true",
    allowed: "cluster.spotNodes",
    fix: "rm --path 'cluster.nodes.spot'",
  },
  {
    name: "a cluster name that leaves no room for accounts",
    config: withCluster({ name: "a-name-of-more-than-twenty" }),
    key: "cluster.name",
    found: "a-name-of-more",
    allowed: "at most 20",
    fix: "'cluster.name'",
  },
  {
    name: "a patch version that a channel does not take",
    config: withCluster({ kubernetesVersion: "1.35.1-gke.100" }),
    key: "cluster.kubernetesVersion",
    found: "1.35.1",
    allowed: "a minor version",
    fix: "'cluster.kubernetesVersion'",
  },
  {
    name: "labels that Google does not take",
    config: { ...withCluster({}), labels: { "team.example.org/cost": "ML" } },
    key: "labels",
    found: "team.example.org/cost",
    allowed: "63 characters of a-z",
    fix: "rm --path 'labels'",
  },
  {
    name: "a DNS zone without an ingress",
    config: withCluster({ dnsZone: "ml-example-org" }),
    key: "cluster.dnsZone",
    found: '"ml-example-org"',
    allowed: "no value unless exposure.kind is ingress",
    fix: "rm --path 'cluster.dnsZone'",
  },
  {
    name: "a DNS name in place of a zone's name",
    config: { ...withExposure({ domain: "ml.example.org" }), cluster: { ...cluster, dnsZone: "ml.example.org" } },
    key: "cluster.dnsZone",
    found: '"ml.example.org"',
    allowed: "the name of a Cloud DNS zone",
    fix: "'cluster.dnsZone'",
  },
  {
    name: "an ingress without a domain",
    config: withExposure({}),
    key: "exposure.domain",
    found: "nothing",
    allowed: "the parent domain of the UIs' hosts",
    fix: "ml.example.org",
  },
  {
    name: "a zone without a domain that it holds",
    config: {
      ...withExposure({ hosts: { mlflow: "models.example.org" } }),
      cluster: { ...cluster, dnsZone: "ml-example-org" },
    },
    key: "cluster.dnsZone",
    found: '"ml-example-org"',
    allowed: "no value without exposure.domain",
    fix: "rm --path 'cluster.dnsZone'",
  },
  {
    name: "a host that is too long for a managed certificate",
    config: withExposure({ hosts: { mlflow: `${"models.".repeat(8)}example.org` } }),
    key: "exposure.hosts.mlflow",
    found: "models.models",
    allowed: "at most 63 characters",
    fix: "mlflow.example.org",
  },
  {
    name: "a host for a UI that answers no health check of the load balancer",
    config: withExposure({ domain: "ml.example.org", hosts: { prometheus: "metrics.example.org" } }),
    key: "exposure.hosts.prometheus",
    found: '"metrics.example.org"',
    allowed: "no value for prometheus: the load balancer of gke checks a page without a login",
    fix: "rm --path 'exposure.hosts.prometheus'",
  },
  {
    name: "a default certificate, which the cloud's load balancer lacks",
    config: withExposure({ domain: "ml.example.org", defaultCertificate: true }),
    key: "exposure.defaultCertificate",
    found: "true",
    allowed: "no value unless exposure.className is set",
    fix: "rm --path 'exposure.defaultCertificate'",
  },
  {
    name: "an Ingress of its own, which would need another address",
    config: withExposure({ domain: "ml.example.org", annotationsOf: { mlflow: { team: "ml" } } }),
    key: "exposure.annotationsOf",
    found: '{"mlflow":{"team":"ml"}}',
    allowed: "the load balancer of gke serves one Ingress",
    fix: "rm --path 'exposure.annotationsOf'",
  },
  {
    name: "a domain that is too long for a managed certificate",
    config: withExposure({ domain: `${"platform.".repeat(6)}example.org` }),
    key: "exposure.domain",
    found: "platform.platform",
    allowed: "at most 63 characters",
    fix: "ml.example.org",
  },
  {
    name: "a certificate of AWS",
    config: withExposure({
      domain: "ml.example.org",
      certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/x",
    }),
    key: "exposure.certificateArn",
    found: "arn:aws:acm",
    allowed: "unless cluster.kind is eks",
    fix: "rm --path 'exposure.certificateArn'",
  },
  {
    name: "node ports of private nodes",
    config: { imageRegistry, cluster, exposure: { kind: "nodePort" } },
    key: "exposure.kind",
    found: '"nodePort"',
    allowed: "its nodes are private",
    fix: "portForward",
  },
  {
    name: "backups for longer than Cloud SQL's log goes with them",
    config: { ...withCluster({}), postgres: { kind: "managed", backupRetentionDays: 400 } },
    key: "postgres.backupRetentionDays",
    found: "400",
    allowed: "at most 35",
    fix: "'postgres.backupRetentionDays'",
  },
  {
    name: "an identity without its project",
    config: { cluster: { kind: "existing", context: "team", identity: { kind: "gke", region: "europe-west4" } } },
    key: "cluster.identity.project",
    found: "nothing",
    allowed: "a string",
    fix: "'cluster.identity.project'",
  },
];

describe("a GKE configuration that is wrong", () => {
  for (const { name, config, key, found, allowed, fix } of bad) {
    it(`${name}: names ${key} and the fix`, () => {
      assert.throws(
        () => validate(config),
        (error: unknown) => {
          assert.ok(error instanceof ConfigError, String(error));
          const problem = error.problems.find((candidate) => candidate.key === key);
          assert.ok(problem, JSON.stringify(error.problems, null, 2));
          assert.ok(problem.found.includes(found), `found: ${problem.found}`);
          assert.ok(problem.allowed.includes(allowed), `allowed: ${problem.allowed}`);
          assert.ok(problem.fix.includes(fix), `fix: ${problem.fix}`);
          return true;
        },
      );
    });
  }
});

describe("a GKE configuration that is right", () => {
  it("needs a project and a region", () => {
    const { cluster: found } = validate(withCluster({}));
    assert.ok(found.kind === "gke");
    assert.equal(found.name, "mlops");
    assert.equal(found.deletionProtection, true);
    assert.equal(found.network.databaseCidr, "10.40.0.0/20");
  });

  it("may use the ranges of an existing network as they are", () => {
    const network = { name: "shared", subnetwork: "ml", databaseCidr: "10.10.0.0/20" };
    assert.doesNotThrow(() => validate(withNetwork(network)));
  });

  it("may have as many nodes as its ranges hold, with one more in a pool that is upgraded", () => {
    const ranges = { nodesCidr: "10.10.0.0/28", podsCidr: "10.20.0.0/21" };
    const own = { network: ranges, nodes: { maxCount: 7 } };
    assert.doesNotThrow(() => validate(withCluster(own)));
    assert.doesNotThrow(() => validate(withCluster({ ...own, nodes: { maxCount: 10, podsPerNode: 64 } })));
    const network = { name: "shared", subnetwork: "ml" };
    assert.doesNotThrow(() => validate(withCluster({ network, nodes: { maxCount: 1000 } })), "ranges of its owner");
  });

  it("may be reached from a /8 and from one address", () => {
    assert.doesNotThrow(() => validate(withCluster({ authorizedNetworks: ["10.0.0.0/8", "203.0.113.7/32"] })));
  });

  it("may have Google's other machines, disks and ranges", () => {
    const nodes = { machineType: "c4-standard-4", diskType: "hyperdisk-balanced" };
    const network = { podsCidr: "240.0.0.0/14", servicesCidr: "100.64.0.0/24", databaseCidr: "192.168.4.0/24" };
    const postgres = { kind: "managed", instanceType: "db-f1-micro" };
    assert.doesNotThrow(() => validate({ ...withCluster({ nodes, network }), postgres }));
  });
});
