import assert from "node:assert/strict";
import { validate } from "../config.ts";
import { ConfigError } from "../config/errors.ts";

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
    allowed: "a text",
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
    allowed: "zones of cluster.region, europe-west4",
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
    allowed: "the subnetwork of cluster.network.name",
    fix: "'cluster.network.subnetwork'",
  },
  {
    name: "a subnetwork without its network",
    config: withNetwork({ subnetwork: "ml" }),
    key: "cluster.network.name",
    found: "nothing",
    allowed: "the network of cluster.network.subnetwork",
    fix: "'cluster.network.name'",
  },
  {
    name: "a control plane for everyone",
    config: withCluster({ authorizedNetworks: ["0.0.0.0/0"] }),
    key: "cluster.authorizedNetworks",
    found: "everyone",
    allowed: "the DNS endpoint needs no range",
    fix: "'cluster.authorizedNetworks' '[]'",
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
    allowed: "63 of a-z",
    fix: "rm --path 'labels'",
  },
  {
    name: "a DNS zone without an ingress",
    config: withCluster({ dnsZone: "ml-example-org" }),
    key: "cluster.dnsZone",
    found: '"ml-example-org"',
    allowed: "nothing unless exposure.kind is ingress",
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
    allowed: "a text",
    fix: "'exposure.domain'",
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
    allowed: "a text",
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
});
