import assert from "node:assert/strict";
import { kubeconfigOf } from "../../../components/cluster/eks/eks-control-plane.ts";
import { at, textAt } from "../../../lib/json.ts";
import type { Recording, Registration } from "../../../lib/recording.ts";
import { fields, registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";

const providerType = "pulumi:providers:kubernetes";
const groupType = "aws:eks/nodeGroup:NodeGroup";
const addonType = "aws:eks/addon:Addon";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("an EKS cluster", () => {
  let recording: Recording;
  before(async () => {
    recording = await recordEks({ administrators: ["arn:aws:iam::111122223333:role/team/admin"] });
  });
  const find = (type: string, name: string) => registration(recording.resources, type, name);
  const inputs = (type: string, name: string) => find(type, name).inputs;

  /** All that a resource waits for, directly or not. */
  function everythingBefore(resource: Registration, { resources }: Recording): Set<string> {
    const seen = new Set<string>();
    const visit = ({ dependencies, provider, parent }: Registration) => {
      for (const urn of [...dependencies, provider.split("::").slice(0, 4).join("::"), parent]) {
        const next = resources.find((candidate) => candidate.urn === urn);
        if (next === undefined || seen.has(urn)) continue;
        seen.add(urn);
        visit(next);
      }
    };
    visit(resource);
    return seen;
  }
  const waitsFor = (resource: Registration, other: Registration, all = recording) =>
    everythingBefore(resource, all).has(other.urn);

  it("is private but for the networks that may reach it, with its Secrets encrypted and everything logged", () => {
    assert.deepEqual(inputs("aws:eks/cluster:Cluster", "cluster-control-plane"), {
      name: "mlops",
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: false,
      deletionProtection: true,
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfig: {
        provider: { keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
        resources: ["secrets"],
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
      roleArn: "arn:aws:iam::111122223333:role/mlops/cluster-control-plane",
      upgradePolicy: { supportType: "STANDARD" },
      vpcConfig: {
        subnetIds: ["a", "b", "c"].map((zone) => `cluster-network-private-${zone}-id`),
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      },
    });
    assert.equal(find("aws:eks/cluster:Cluster", "cluster-control-plane").protect, true);
    const key = find("aws:kms/key:Key", "cluster-control-plane");
    assert.deepEqual([key.inputs.enableKeyRotation, key.inputs.deletionWindowInDays, key.protect], [true, 30, true]);
    assert.deepEqual(inputs("aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane"), {
      name: "/aws/eks/mlops/cluster",
      retentionInDays: 30,
    });
  });

  it("has a public endpoint for the authorized networks alone", async () => {
    const open = await recordEks({ authorizedNetworks: ["203.0.113.0/24"], kubernetesVersion: "1.34" });
    const cluster = registration(open.resources, "aws:eks/cluster:Cluster", "cluster-control-plane").inputs;
    const { endpointPublicAccess, publicAccessCidrs } = fields(cluster.vpcConfig);
    assert.deepEqual([endpointPublicAccess, publicAccessCidrs], [true, ["203.0.113.0/24"]]);
    assert.equal(cluster.version, "1.34");
    const nodes = registration(open.resources, groupType, "cluster-nodes-platform-a").inputs;
    assert.equal(nodes.version, "1.34");
  });

  it("lets administrators in by access entries", () => {
    const name = "cluster-control-plane-111122223333-role/team/admin";
    const principalArn = "arn:aws:iam::111122223333:role/team/admin";
    assert.deepEqual(inputs("aws:eks/accessEntry:AccessEntry", name), { clusterName: "mlops", principalArn });
    assert.deepEqual(inputs("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", name), {
      clusterName: "mlops",
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
  });

  it("lets in roles of one name in two accounts", async () => {
    const administrators = ["111122223333", "444455556666"].map((account) => `arn:aws:iam::${account}:role/admin`);
    const { resources } = await recordEks({ administrators });
    const entries = resources.filter(({ type }) => type === "aws:eks/accessEntry:AccessEntry");
    assert.deepEqual(
      entries.map((entry) => entry.inputs.principalArn),
      administrators,
    );
    assert.equal(new Set(entries.map(({ urn }) => urn)).size, 2);
  });

  it("signs the tokens of service accounts for STS", () => {
    assert.deepEqual(inputs("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "cluster-control-plane"), {
      url: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
      clientIdLists: ["sts.amazonaws.com"],
    });
  });

  it("has one NAT gateway and the free way to S3, or a gateway for each zone", async () => {
    const count = ({ resources }: Recording) =>
      resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway").length;
    assert.equal(count(recording), 1);
    const nat = (zone: string) => inputs("aws:ec2/route:Route", `cluster-network-private-${zone}`).natGatewayId;
    assert.deepEqual(["a", "b", "c"].map(nat), Array(3).fill("cluster-network-nat-a-id"));
    assert.deepEqual(inputs("aws:ec2/vpcEndpoint:VpcEndpoint", "cluster-network-s3"), {
      vpcId: "cluster-network-id",
      serviceName: "com.amazonaws.eu-central-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["a", "b", "c"].map((zone) => `cluster-network-private-${zone}-id`),
    });
    const three = await recordEks({ network: { natGateways: 3 } });
    assert.equal(count(three), 3);
    const own = registration(three.resources, "aws:ec2/route:Route", "cluster-network-private-c").inputs;
    assert.equal(own.natGatewayId, "cluster-network-nat-c-id");
  });

  it("without a NAT gateway has nodes with public addresses, and nothing else there", async () => {
    const none = await recordEks({ network: { natGateways: 0 } }, { postgres: { kind: "managed" } });
    const { resources } = none;
    const named = (type: string, name: string) => registration(resources, type, name).inputs;
    assert.ok(!resources.some(({ type }) => /:(NatGateway|Eip)$/.test(type)));
    const zones = ["a", "b", "c"];
    const idsOf = (kind: string) => zones.map((zone) => `cluster-network-${kind}-${zone}-id`);
    for (const zone of zones) {
      assert.deepEqual(named(groupType, `cluster-nodes-platform-${zone}`).subnetIds, [
        `cluster-network-public-${zone}-id`,
      ]);
      assert.equal(named("aws:ec2/subnet:Subnet", `cluster-network-public-${zone}`).mapPublicIpOnLaunch, true);
      const closed = named("aws:ec2/subnet:Subnet", `cluster-network-private-${zone}`);
      assert.equal(closed.mapPublicIpOnLaunch, undefined);
    }
    assert.deepEqual(
      resources.filter(({ type }) => type === "aws:ec2/route:Route").map(({ name }) => name),
      ["cluster-network-public"],
    );
    const control = at(named("aws:eks/cluster:Cluster", "cluster-control-plane"), "vpcConfig.subnetIds");
    assert.deepEqual(control, idsOf("private"));
    const ofDatabase = resources.find(({ type }) => type === "aws:rds/subnetGroup:SubnetGroup")?.inputs.subnetIds;
    assert.deepEqual(ofDatabase, idsOf("private"));
    assert.deepEqual(named("aws:ec2/vpcEndpoint:VpcEndpoint", "cluster-network-s3").routeTableIds, [
      "cluster-network-public-id",
    ]);
    const group = registration(resources, groupType, "cluster-nodes-platform-c");
    const route = registration(resources, "aws:ec2/route:Route", "cluster-network-public");
    assert.ok(waitsFor(group, route, none), "the way out");
  });

  it("has a subnet that gives public addresses only without a NAT gateway", () => {
    assert.equal(inputs("aws:ec2/subnet:Subnet", "cluster-network-public-a").mapPublicIpOnLaunch, undefined);
  });

  it("has NAT gateways and their addresses behind the internet gateway, which a destroy detaches after them", async () => {
    const three = await recordEks({ network: { natGateways: 3 } });
    const gateway = registration(three.resources, "aws:ec2/internetGateway:InternetGateway", "cluster-network");
    const behind = three.resources.filter(({ type }) => /:(NatGateway|Eip)$/.test(type));
    assert.equal(behind.length, 6);
    for (const { urn, dependencies } of behind) assert.ok(dependencies.includes(gateway.urn), urn);
  });

  it("has a VPC that its load balancer controller tells from another of its name", () => {
    assert.deepEqual(inputs("aws:ec2/vpc:Vpc", "cluster-network").tags, { Name: "mlops", "mlops/cluster": "mlops" });
  });

  it("tells load balancers which subnets are theirs", () => {
    const tags = (kind: string) => inputs("aws:ec2/subnet:Subnet", `cluster-network-${kind}-b`).tags;
    const shared = { "kubernetes.io/cluster/mlops": "shared" };
    assert.deepEqual(tags("public"), { Name: "cluster-network-public-b", ...shared, "kubernetes.io/role/elb": "1" });
    const internal = { "kubernetes.io/role/internal-elb": "1" };
    assert.deepEqual(tags("private"), { Name: "cluster-network-private-b", ...shared, ...internal });
    assert.deepEqual(inputs("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "cluster-network-default"), {
      vpcId: "cluster-network-id",
      ingress: [],
      egress: [],
    });
  });

  it("has its network before nodes, and what needs nodes after them", () => {
    const groups = ["a", "b", "c"].map((zone) => find(groupType, `cluster-nodes-platform-${zone}`));
    const route = find("aws:ec2/route:Route", "cluster-network-private-c");
    for (const group of groups) {
      assert.ok(waitsFor(group, find(addonType, "cluster-network-addons-vpc-cni")));
      assert.ok(waitsFor(group, route), "the way out");
      for (const addon of ["coredns", "aws-ebs-csi-driver"]) {
        assert.ok(waitsFor(find(addonType, `cluster-addons-${addon}`), group));
      }
    }
  });

  it("closes new pods until they have their policies, after it has opened those of kube-system", async () => {
    const cniOf = ({ resources }: Recording) => registration(resources, addonType, "cluster-network-addons-vpc-cni");
    const settingsOf = (all: Recording) => at(JSON.parse(String(cniOf(all).inputs.configurationValues)), "env");
    const env = { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" };
    assert.deepEqual(settingsOf(recording), { ...env, NETWORK_POLICY_ENFORCING_MODE: "strict" });
    const policy = find(policyType, "cluster-open");
    assert.equal(textAt(policy.inputs, "metadata.namespace"), "kube-system");
    assert.match(textAt(policy.inputs, "metadata.name") ?? "", /^allow-all-[0-9a-f]{8}$/);
    const both = { policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };
    assert.deepEqual(policy.inputs.spec, { podSelector: {}, ...both });
    assert.ok(waitsFor(cniOf(recording), policy));
    assert.ok(waitsFor(find(groupType, "cluster-nodes-platform-a"), policy));
    // The controller that must remove its finalizer goes before it, so that a destroy would wait for ever.
    assert.equal(policy.retainOnDelete, true);
    for (const open of [
      await recordEks({ networkPolicyMode: "standard" }),
      await recordEks({}, { networkPolicies: false }),
    ]) {
      assert.deepEqual(settingsOf(open), env);
      assert.deepEqual(
        open.resources.filter(({ type }) => type === policyType),
        [],
      );
    }
  });

  it("changes one group of nodes after the other", async () => {
    const { resources } = await recordEks({ spotNodes: {}, gpuNodes: {} });
    const groups = resources.filter(({ type }) => type === groupType);
    assert.deepEqual(
      groups.map(({ name }) => name.replace("cluster-nodes-", "")),
      ["platform-a", "platform-b", "platform-c", "spot", "gpu"],
    );
    groups.slice(1).forEach(({ dependencies }, i) => assert.ok(dependencies.includes(groups[i]?.urn ?? "")));
  });

  it("plans its add-ons, its nodes' image and its autoscaler together with another Kubernetes version", async () => {
    const planned = async (kubernetesVersion: string) => {
      const { resources } = await recordEks({ kubernetesVersion, gpuNodes: {} });
      const release = (name: string) => registration(resources, groupType, name).inputs.releaseVersion;
      const addons = resources.filter(({ type }) => type === addonType);
      return {
        addons: addons
          .map(({ inputs: { addonName, addonVersion } }) => `${String(addonName)} ${String(addonVersion)}`)
          .sort(),
        nodes: ["cluster-nodes-platform-a", "cluster-nodes-gpu"].map(release),
        autoscaler: textAt(
          registration(resources, "kubernetes:apps/v1:Deployment", "cluster-autoscaler").inputs,
          "spec.template.spec.containers.0.image",
        )?.replace(/\.\d+$/, ""),
      };
    };
    for (const minor of ["1.34", "1.35", "1.36"]) {
      const addons = ["aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni"];
      assert.deepEqual(await planned(minor), {
        addons: addons.map((addon) => `${addon} default-${addon}-for-${minor}`),
        nodes: [`recommended-for-${minor}`, `recommended-for-${minor}`],
        autoscaler: `registry.k8s.io/autoscaling/cluster-autoscaler:v${minor}`,
      });
    }
  });

  it("keeps its nodes at the release that the site names, and GPU nodes at the recommended one", async () => {
    const { resources } = await recordEks({ nodeRelease: "1.35.0-20261120", gpuNodes: {} });
    const release = (name: string) => registration(resources, groupType, name).inputs.releaseVersion;
    assert.equal(release("cluster-nodes-platform-c"), "1.35.0-20261120");
    assert.equal(release("cluster-nodes-gpu"), "recommended-for-1.35");
  });

  it("deletes volumes until the nodes go: the driver's pods outlive the add-on, with their role", () => {
    const preserved = recording.resources.filter(({ type, inputs: { preserve } }) => type === addonType && preserve);
    assert.deepEqual(
      preserved.map(({ name }) => name),
      ["cluster-addons-aws-ebs-csi-driver"],
    );
    const group = find(groupType, "cluster-nodes-platform-a");
    const role = "cluster-addon-roles-aws-ebs-csi-driver";
    assert.ok(waitsFor(group, find("aws:iam/role:Role", role)));
    const attachment = `${role}-AmazonEBSCSIDriverPolicy`;
    assert.ok(waitsFor(group, find("aws:iam/rolePolicyAttachment:RolePolicyAttachment", attachment)));
  });

  it("gives the platform a provider that everything waits for which a load balancer or a disk needs to go", () => {
    const provider = find(providerType, "cluster");
    const needed: [type: string, name: string][] = [
      [groupType, "cluster-nodes-platform-a"],
      [addonType, "cluster-addons-aws-ebs-csi-driver"],
      [addonType, "cluster-network-addons-vpc-cni"],
      ["aws:ec2/natGateway:NatGateway", "cluster-network-nat-a"],
      ["aws:ec2/route:Route", "cluster-network-public"],
      ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "cluster-control-plane-111122223333-role/team/admin"],
      ["kubernetes:apps/v1:Deployment", "cluster-autoscaler"],
      ["kubernetes:storage.k8s.io/v1:StorageClass", "gp3"],
    ];
    for (const [type, name] of needed) assert.ok(waitsFor(provider, find(type, name)), name);
    assert.equal(waitsFor(find(groupType, "cluster-nodes-platform-a"), provider), false);
  });

  it("has a kubeconfig that names AWS's CLI and holds no token, and a literal identifier", () => {
    const { clusterIdentifier, kubeconfig } = inputs(providerType, "cluster");
    assert.equal(clusterIdentifier, "eu-central-1/mlops");
    assert.equal(kubeconfig, recording.outputs.kubeconfig);
    const text = kubeconfigOf({ name: "mlops", region: "eu-central-1", server: "https://x", authority: "QQ==" });
    assert.deepEqual(at(JSON.parse(text), "users"), [
      {
        name: "mlops",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", "mlops", "--region", "eu-central-1"],
            interactiveMode: "Never",
          },
        },
      },
    ]);
  });

  it("tags everything that its provider makes", () => {
    const { inputs: provider, urn } = find("pulumi:providers:aws", "cluster");
    assert.equal(provider.region, "eu-central-1");
    assert.deepEqual(JSON.parse(textAt(provider, "defaultTags") ?? ""), {
      tags: { "managed-by": "pulumi", "part-of": "mlops", "cost-center": "ml" },
    });
    const others = recording.resources.filter(
      ({ type, provider: own }) => type.startsWith("aws:") && !own.startsWith(urn),
    );
    assert.deepEqual(
      others.map((resource) => resource.urn),
      [],
    );
  });

  it("has a repository for each image, where the tags of releases stay what they are", async () => {
    assert.deepEqual(inputs("aws:ecr/repository:Repository", "cluster-registry-mlflow"), {
      name: "mlops/mlflow",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: false,
    });
    const { resources } = await recordEks({}, { imageRegistry: "" });
    const built = registration(resources, "aws:ecr/repository:Repository", "cluster-registry-mlflow");
    assert.equal(built.inputs.imageTagMutability, "MUTABLE", "of a content, which is pushed again after a lost state");
    assert.equal(recording.outputs.registry, "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mlops");
    const { outputs } = await recordEks({ region: "eu-west-1" });
    assert.equal(outputs.registry, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mlops");
  });

  it("has encrypted disks that are made where the pod is", () => {
    const { metadata, ...rest } = inputs("kubernetes:storage.k8s.io/v1:StorageClass", "gp3");
    assert.deepEqual(at(metadata, "annotations"), { "storageclass.kubernetes.io/is-default-class": "true" });
    assert.deepEqual(rest, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
    });
    assert.equal(recording.outputs.storageClass, "gp3");
  });

  it("protects nothing where deletion protection is off", async () => {
    const { resources } = await recordEks({ deletionProtection: false });
    assert.deepEqual(
      resources.filter(({ protect }) => protect).map(({ urn }) => urn),
      [],
    );
    const cluster = registration(resources, "aws:eks/cluster:Cluster", "cluster-control-plane").inputs;
    assert.equal(cluster.deletionProtection, false);
  });
});
