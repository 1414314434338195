import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { folder } from "../../program/program-cases.ts";
import type { Recording } from "../../../lib/recording.ts";
import { fields, registration, typesAndNames } from "../../program/registrations.ts";
import { project, recordGke, region } from "./gke-cases.ts";
import { at } from "../../../lib/json.ts";

const clusterType = "gcp:container/cluster:Cluster";
const providerType = "pulumi:providers:kubernetes";

describe("a GKE cluster", () => {
  let recording: Recording;
  const cluster = () => registration(recording.resources, clusterType, "mlops");

  before(async () => {
    recording = await recordGke();
  });

  it("has private nodes, enforced NetworkPolicies, identities for workloads and shielded machines", () => {
    const { inputs } = cluster();
    assert.deepEqual(
      {
        location: inputs.location,
        nodeLocations: inputs.nodeLocations,
        networkingMode: inputs.networkingMode,
        privateClusterConfig: inputs.privateClusterConfig,
        datapathProvider: inputs.datapathProvider,
        workloadIdentityConfig: inputs.workloadIdentityConfig,
        enableShieldedNodes: inputs.enableShieldedNodes,
        releaseChannel: inputs.releaseChannel,
        ipAllocationPolicy: inputs.ipAllocationPolicy,
        minMasterVersion: inputs.minMasterVersion,
      },
      {
        location: region,
        nodeLocations: ["europe-west4-b"],
        networkingMode: "VPC_NATIVE",
        privateClusterConfig: { enablePrivateNodes: true },
        datapathProvider: "ADVANCED_DATAPATH",
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        enableShieldedNodes: true,
        releaseChannel: { channel: "REGULAR" },
        ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
        minMasterVersion: undefined,
      },
    );
  });

  it("has its control plane in the first zone where the stack says so", async () => {
    const places = async (own: object) => {
      const { resources } = await recordGke({ cluster: { regional: false, ...own } });
      const { location, nodeLocations } = registration(resources, clusterType, "mlops").inputs;
      const pool = registration(resources, "gcp:container/nodePool:NodePool", "mlops-platform").inputs;
      return { location, others: nodeLocations, pool: [pool.location, pool.nodeLocations] };
    };
    const first = "europe-west4-b";
    assert.deepEqual(await places({}), { location: first, others: undefined, pool: [first, [first]] });
    const zones = ["europe-west4-a", "europe-west4-c"];
    // The provider refuses the cluster's own zone among the others.
    assert.deepEqual(await places({ zones }), {
      location: "europe-west4-a",
      others: ["europe-west4-c"],
      pool: ["europe-west4-a", zones],
    });
  });

  it("gives no rights to everyone, reports its posture, logs its flows and scans its images", () => {
    const { inputs } = cluster();
    assert.deepEqual(inputs.rbacBindingConfig, {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    });
    assert.deepEqual(inputs.securityPostureConfig, { mode: "BASIC" });
    const subnetwork = registration(recording.resources, "gcp:compute/subnetwork:Subnetwork", "mlops").inputs;
    assert.deepEqual(subnetwork.logConfig, {
      aggregationInterval: "INTERVAL_10_MIN",
      flowSampling: 0.5,
      metadata: "INCLUDE_ALL_METADATA",
    });
    const repository = registration(recording.resources, "gcp:artifactregistry/repository:Repository", "mlops").inputs;
    assert.deepEqual(repository.vulnerabilityScanningConfig, { enablementConfig: "INHERITED" });
  });

  it("enables every service that it needs before anything else, and leaves it enabled", () => {
    const enabled = recording.resources.filter(({ type }) => type === "gcp:projects/service:Service");
    assert.ok(enabled.length > 0);
    assert.ok(enabled.every(({ inputs }) => inputs.disableOnDestroy === false && inputs.project === project));
    // The package of the SDK is named after the service, with a few exceptions.
    const names: Record<string, string> = { projects: "cloudresourcemanager", serviceaccount: "iam", sql: "sqladmin" };
    const used = recording.resources.flatMap(({ type }) => /^gcp:(\w+)\//.exec(type)?.[1] ?? []);
    const wanted = new Set(used.map((name) => `${names[name] ?? name}.googleapis.com`));
    const got = new Set(enabled.map(({ inputs }) => String(inputs.service)));
    assert.deepEqual(
      [...wanted].filter((name) => !got.has(name)),
      [],
    );
    const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
    const waitsFor = (urn: string, before: string): boolean => {
      const { dependencies = [], parent = "" } = byUrn.get(urn) ?? {};
      return [...dependencies, parent].some((first) => first === before || (first !== "" && waitsFor(first, before)));
    };
    const others = recording.resources.filter(
      ({ type, custom }) => custom && type.startsWith("gcp:") && type !== "gcp:projects/service:Service",
    );
    for (const { urn } of others) assert.ok(waitsFor(urn, enabled[0]?.urn ?? ""), urn);
  });

  it("leaves alone what Google answers of an endpoint that is off, and of nothing else", async () => {
    assert.deepEqual(cluster().ignoreChanges, ["nodeConfig", "privateClusterConfig.enablePrivateEndpoint"]);
    const { resources } = await recordGke({ cluster: { authorizedNetworks: ["203.0.113.0/24"] } });
    assert.deepEqual(registration(resources, clusterType, "mlops").ignoreChanges, ["nodeConfig"]);
  });

  it("has a provider that does not send old values of Cloud SQL", () => {
    // Source: https://github.com/pulumi/pulumi-gcp/issues/3970
    const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const [major = 0, minor = 0, patch = 0] = (dependencies["@pulumi/gcp"] ?? "").split(".").map(Number);
    assert.ok(major * 1e6 + minor * 1e3 + patch >= 9_036_001, "at least 9.36.1, and exactly pinned");
  });

  it("is reached by its DNS name alone, and issues no client certificate", () => {
    const { inputs } = cluster();
    assert.deepEqual(inputs.controlPlaneEndpointsConfig, {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    });
    assert.equal(inputs.masterAuthorizedNetworksConfig, undefined);
    assert.deepEqual(inputs.masterAuth, { clientCertificateConfig: { issueClientCertificate: false } });
  });

  it("has an address as well where ranges are given, for those ranges alone", async () => {
    const { resources } = await recordGke({ cluster: { authorizedNetworks: ["203.0.113.0/24"] } });
    const { inputs } = registration(resources, clusterType, "mlops");
    assert.equal(at(inputs, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled"), true);
    assert.deepEqual(inputs.masterAuthorizedNetworksConfig, {
      cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }],
      gcpPublicCidrsAccessEnabled: false,
    });
  });

  it("logs and watches system and workloads, and has its add-ons on", () => {
    const { inputs } = cluster();
    assert.deepEqual(inputs.loggingConfig, { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] });
    assert.deepEqual(inputs.monitoringConfig, {
      enableComponents: ["SYSTEM_COMPONENTS", "POD", "DEPLOYMENT", "STATEFULSET", "DAEMONSET", "STORAGE"],
      managedPrometheus: { enabled: true },
    });
    assert.deepEqual(inputs.addonsConfig, {
      horizontalPodAutoscaling: { disabled: false },
      httpLoadBalancing: { disabled: false },
      gcePersistentDiskCsiDriverConfig: { enabled: true },
    });
  });

  it("is protected as configured, and its data with it", async () => {
    const protectedTypes = [
      "gcp:container/cluster:Cluster",
      "gcp:sql/databaseInstance:DatabaseInstance",
      "gcp:storage/bucket:Bucket",
    ];
    const types = ({ resources }: Recording) => resources.filter(({ protect }) => protect).map(({ type }) => type);
    assert.deepEqual(types(recording).sort(), protectedTypes);
    assert.equal(cluster().inputs.deletionProtection, true);
    const free = await recordGke({ cluster: { deletionProtection: false } });
    assert.deepEqual(types(free), []);
    assert.equal(registration(free.resources, clusterType, "mlops").inputs.deletionProtection, false);
  });

  it("has a network of its own: one subnetwork, one NAT, no public address on a node", () => {
    const { inputs: subnetwork } = registration(recording.resources, "gcp:compute/subnetwork:Subnetwork", "mlops");
    assert.equal(subnetwork.ipCidrRange, "10.10.0.0/20");
    assert.equal(subnetwork.privateIpGoogleAccess, true);
    assert.deepEqual(subnetwork.secondaryIpRanges, [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ]);
    const nats = recording.resources.filter(({ type }) => type === "gcp:compute/routerNat:RouterNat");
    assert.equal(nats.length, 1);
    assert.deepEqual(at(nats[0]?.inputs, "subnetworks.0.sourceIpRangesToNats"), ["ALL_IP_RANGES"]);
  });

  it("goes into a given network, and makes nothing of it", async () => {
    const network = { name: "shared", subnetwork: "ml", databaseCidr: "10.99.0.0/20" };
    const { resources } = await recordGke({ cluster: { network } });
    const types = typesAndNames(resources).join("\n");
    assert.doesNotMatch(types, /gcp:compute|gcp:servicenetworking/);
    const { inputs } = registration(resources, clusterType, "mlops");
    assert.equal(inputs.network, `projects/${project}/global/networks/shared`);
    assert.equal(inputs.subnetwork, `projects/${project}/regions/${region}/subnetworks/ml`);
  });

  it("puts out a kubeconfig that names Google's plugin and holds neither token nor certificate", () => {
    const kubeconfig: unknown = parse(String(recording.outputs.kubeconfig));
    assert.match(String(at(kubeconfig, "clusters.0.cluster.server")), /^https:\/\/gke-\w+\.europe-west4\.gke\.goog$/);
    assert.deepEqual(Object.keys(fields(at(kubeconfig, "clusters.0.cluster"))), ["server"]);
    assert.deepEqual(Object.keys(fields(at(kubeconfig, "users.0.user"))), ["exec"]);
    assert.equal(at(kubeconfig, "users.0.user.exec.command"), "gke-gcloud-auth-plugin");
    assert.deepEqual(
      recording.secretOutputPaths.filter((path) => path !== "postgresAdminPassword"),
      [],
    );
  });

  it("has a Kubernetes provider with a literal identifier, which goes before nodes, NAT and identities do", () => {
    const { inputs, dependencies } = registration(recording.resources, providerType, "cluster");
    assert.equal(inputs.clusterIdentifier, `gke/${project}/${region}/mlops`);
    const types = new Set(dependencies.map((urn) => urn.split("$").at(-1)?.split("::")[0]));
    for (const type of [
      "gcp:container/nodePool:NodePool",
      "gcp:compute/routerNat:RouterNat",
      "gcp:serviceaccount/iAMMember:IAMMember",
      "gcp:storage/bucketIAMMember:BucketIAMMember",
    ]) {
      assert.ok(types.has(type), `the provider does not depend on ${type}: ${[...types].join(", ")}`);
    }
  });

  it("labels what the bill lists", async () => {
    const { resources } = await recordGke({ labels: { "cost-center": "ml" } });
    const labels = { "cost-center": "ml", "part-of": "mlops" };
    const of = (type: string, name: string, path: string) => at(registration(resources, type, name).inputs, path);
    assert.deepEqual(JSON.parse(String(of("pulumi:providers:gcp", "cluster", "defaultLabels"))), labels);
    assert.deepEqual(of(clusterType, "mlops", "resourceLabels"), labels);
    assert.deepEqual(of("gcp:container/nodePool:NodePool", "mlops-platform", "nodeConfig.resourceLabels"), labels);
    assert.deepEqual(of("gcp:sql/databaseInstance:DatabaseInstance", "mlops", "settings.userLabels"), labels);
  });

  it("has a repository for images that its nodes may read, and nobody else may by this program", () => {
    assert.equal(recording.outputs.registry, `${region}-docker.pkg.dev/${project}/mlops`);
    const repository = registration(recording.resources, "gcp:artifactregistry/repository:Repository", "mlops");
    assert.equal(repository.inputs.format, "DOCKER");
  });

  it("takes the same names in another stack only if it is told to: every fixed name begins with its own", async () => {
    const { resources } = await recordGke({ cluster: { name: "staging" } });
    const fixed = resources.flatMap(({ type, inputs }) =>
      type.startsWith("gcp:") ? [inputs.name, inputs.repositoryId].filter((name) => typeof name === "string") : [],
    );
    const own = fixed.filter((name) => !name.startsWith("staging") && !name.startsWith(`${project}-staging`));
    assert.deepEqual(own, ["mlops-admin", fixed.find((name) => name.endsWith(".sql.goog."))]);
  });
});
