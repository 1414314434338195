import type { Change, Profile } from "./story.ts";

const WIKIMEDIA_CONTACT = "ml@acme.com";
const projects = [{ name: "examples" }, { name: "pageviews", config: { WIKIMEDIA_CONTACT } }];

/** The tags of everything say `development` from the beginning: another value would change every resource. */
const cloudLayer = {
  "cluster.authorizedNetworks": ["20.30.40.0/24"],
  imageRegistry: "210987654321.dkr.ecr.us-east-1.amazonaws.com/mlops",
  "labels.environment": "development",
  layers: ["cluster"],
  projects,
};

const registry = [
  "airflow",
  "backup",
  "geopandas",
  "mlflow",
  "pageviews",
  "pandas-basic",
  "papermill",
  "provision",
  "scikit-learn",
].map((image) => `Repository cluster-registry-${image}`);
const nodeGroups = ["a", "b", "c"].map((zone) => `NodeGroup cluster-nodes-platform-${zone}`);
const addons = [
  "Addon cluster-addons-aws-ebs-csi-driver",
  "Addon cluster-addons-coredns",
  "Addon cluster-network-addons-kube-proxy",
  "Addon cluster-network-addons-vpc-cni",
];
const bucket = "Bucket cluster-storage";

/** Every stack that is destroyed gives up its protection before, as docs/eks.md says. */
function unprotected(does: Change["does"]): Change {
  const change = { name: "protection off", set: { "cluster.deletionProtection": false }, does };
  // Version 5 of the provider, of which a plugin can be built by hand, knows no protection of clusters.
  return { ...change, sometimes: ["Cluster cluster-control-plane"] };
}

const changes: readonly Change[] = [
  {
    name: "a project more",
    set: { projects: [...projects, { name: "demand" }] },
    does: {
      created: ["IrsaRole cluster-storage-demand", "Role cluster-storage-demand", "RolePolicy cluster-storage-demand"],
    },
  },
  {
    name: "larger nodes",
    set: { "cluster.nodes.machineType": "m7i.2xlarge" },
    does: { replaced: nodeGroups },
  },
  {
    name: "the next Kubernetes version",
    set: { "cluster.kubernetesVersion": "1.36" },
    does: { updated: [...addons, "Cluster cluster-control-plane", "Deployment cluster-autoscaler", ...nodeGroups] },
  },
  {
    name: "a NAT gateway in each zone, Postgres with a standby",
    set: { "cluster.network.natGateways": 3, postgres: { kind: "managed", highAvailability: true } },
    does: {
      created: ["Eip", "NatGateway"].flatMap((kind) => ["b", "c"].map((zone) => `${kind} cluster-network-nat-${zone}`)),
      updated: ["Instance cluster-postgres", "Route cluster-network-private-b", "Route cluster-network-private-c"],
    },
  },
  unprotected({
    updated: [bucket, "Instance cluster-postgres", ...registry],
    deleted: ["RandomId cluster-postgres-final"],
  }),
];

/** EKS writes events after it has deleted a cluster; the next deployment takes the group over. */
const stays = /^log-group \/aws\/eks\/mlops\/cluster$/;

export const eksProfiles: readonly Profile[] = [
  {
    name: "default",
    about: "The checked-in stack, its layer `cluster`.",
    cloud: "aws",
    stackFile: "Pulumi.eks.yaml",
    config: cloudLayer,
    changes,
    stays,
  },
  {
    name: "small",
    about: "The example `small-eks`, its layer `cluster`: no NAT gateway, Postgres in the cluster.",
    cloud: "aws",
    stackFile: "examples/stacks/small-eks.yaml",
    config: cloudLayer,
    changes: [unprotected({ updated: [bucket, ...registry] })],
    stays,
  },
];
