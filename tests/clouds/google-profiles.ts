import type { Imitation } from "./imitation.ts";
import type { CloudStack } from "./stack.ts";
import type { Change, Mishap, Profile } from "./story.ts";

const project = "acme-ml";
const compute = `compute/beta/projects/${project}`;
const cloudLayer = {
  "cluster.project": project,
  imageRegistry: `us-central1-docker.pkg.dev/${project}/mlops`,
  layers: ["cluster"],
};

const WIKIMEDIA_CONTACT = "ml@acme.com";
const projects = [
  { name: "examples" },
  { name: "pageviews", config: { WIKIMEDIA_CONTACT } },
  { name: "verify", config: { WIKIMEDIA_CONTACT } },
];

const withoutProtection = { "cluster.deletionProtection": false, "labels.environment": "development" };

/** Every stack that is destroyed gives up its protection before, as docs/gke.md says: the label is at everything. */
function unprotected(...others: string[]): Change {
  const labelled = ["Bucket mlops", "Cluster mlops", "NodePool mlops-platform", "Repository mlops", "gcp cluster"];
  return {
    name: "protection off, and another label",
    set: withoutProtection,
    does: { updated: [...labelled, ...others].sort() },
  };
}

const database = "DatabaseInstance mlops";
const endpoint = ["Address mlops-postgres", "ForwardingRule mlops-postgres"];
const zone = "ManagedZone mlops-postgres";

const changes: readonly Change[] = [
  {
    name: "a project more",
    set: { projects: [...projects, { name: "demand" }] },
    does: { created: ["Account demand-demand", "BucketIAMMember demand-demand", "IAMMember demand-demand"] },
  },
  {
    name: "larger nodes",
    set: { "cluster.nodes.machineType": "e2-standard-8" },
    does: { updated: ["NodePool mlops-platform"] },
  },
  {
    name: "a second zone",
    set: { "cluster.zones": ["us-central1-b", "us-central1-c"] },
    does: { updated: ["Cluster mlops", "NodePool mlops-platform"] },
  },
  {
    name: "the next Kubernetes version",
    set: { "cluster.kubernetesVersion": "1.36" },
    does: { updated: ["Cluster mlops"] },
  },
  {
    name: "Postgres with a standby",
    set: { postgres: { kind: "managed", highAvailability: true } },
    does: { updated: ["DatabaseInstance mlops"] },
  },
  {
    name: "an address of the control plane",
    set: { "cluster.authorizedNetworks": ["172.20.0.0/16"] },
    does: { updated: ["Cluster mlops"] },
  },
  unprotected(database, zone, ...endpoint),
];

/**
 * Google goes on to make the cluster, of which the killed engine has written nothing down.
 *
 * `refresh --import-pending-creates` would clear the operation and import nothing: the next update would find the name taken.
 */
async function deleteCluster({ pulumi }: CloudStack, imitation: Imitation): Promise<void> {
  const path = `container/v1beta1/projects/${project}/locations/us-central1/clusters/mlops`;
  await imitation.send("DELETE", path, undefined);
  await pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
}

const mishaps: readonly Mishap[] = [
  {
    name: "two calls are answered 429, and one is denied",
    faults: [
      { method: "storage\\.buckets\\.insert", times: 2, code: 429, message: "Rate limit exceeded" },
      {
        method: "artifactregistry\\..*repositories\\.create",
        code: 403,
        message: "Permission 'artifactregistry.repositories.create' denied",
        status: "PERMISSION_DENIED",
      },
    ],
    fails: /Permission 'artifactregistry\.repositories\.create' denied/,
  },
  {
    name: "the engine is killed while Google makes the cluster",
    faults: [{ method: "container\\..*clusters\\.create", seconds: 20 }],
    fails: undefined,
    remedy: deleteCluster,
    remedyText: "deleting the cluster by hand and `pulumi refresh --clear-pending-creates`",
  },
  {
    name: "the region has too few CPUs for the nodes",
    faults: [
      {
        method: "container\\..*nodePools\\.create",
        code: 403,
        message: 'Insufficient regional quota to satisfy request: resource "CPUS"',
        status: "PERMISSION_DENIED",
      },
    ],
    fails: /Insufficient regional quota to satisfy request: resource "CPUS"/,
  },
];

async function noVersions(imitation: Imitation): Promise<void> {
  await imitation.send("PATCH", `storage/v1/b/${project}-mlops-data`, { versioning: { enabled: false } });
}

/** A network as a site has it: a subnetwork with the ranges of pods and Services. */
async function existingNetwork(imitation: Imitation): Promise<void> {
  const network = `projects/${project}/global/networks/shared`;
  await imitation.send("POST", `${compute}/global/networks`, { name: "shared", autoCreateSubnetworks: false });
  await imitation.send("POST", `${compute}/regions/us-central1/subnetworks`, {
    name: "nodes",
    network,
    ipCidrRange: "10.10.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  });
  const range = { name: "google", purpose: "VPC_PEERING", addressType: "INTERNAL", prefixLength: 20, network };
  await imitation.send("POST", `${compute}/global/addresses`, range);
  const connection = { network, reservedPeeringRanges: ["google"] };
  await imitation.send(
    "POST",
    "servicenetworking/v1/services/servicenetworking.googleapis.com/connections",
    connection,
  );
}

export const gkeProfiles: readonly Profile[] = [
  {
    name: "default",
    about: "The checked-in stack, its layer `cluster`.",
    cloud: "gcp",
    stackFile: "Pulumi.gke.yaml",
    config: { ...cloudLayer, projects },
    byHand: { name: "the bucket's versions off, by hand", do: noVersions, corrects: ["Bucket mlops"] },
    changes,
  },
  {
    name: "mishaps",
    about: "The checked-in stack without protection, its layer `cluster`, and what may go wrong while it is deployed.",
    cloud: "gcp",
    stackFile: "Pulumi.gke.yaml",
    config: { ...cloudLayer, projects, ...withoutProtection },
    mishaps,
  },
  {
    name: "small",
    about: "The example `small-gke`, its layer `cluster`: a cluster of one zone, Postgres in it.",
    cloud: "gcp",
    stackFile: "examples/stacks/small-gke.yaml",
    config: { ...cloudLayer, projects },
    changes: [unprotected("NodePool mlops-spot")],
  },
  {
    name: "existing network",
    about: "In a network that exists, with private services access.",
    cloud: "gcp",
    stackFile: "Pulumi.gke.yaml",
    config: { ...cloudLayer, projects, "cluster.network": { name: "shared", subnetwork: "nodes" } },
    given: existingNetwork,
    changes: [unprotected(database, zone)],
  },
];
