import assert from "node:assert/strict";
import { fields, registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";
import { at } from "../../../lib/json.ts";
import { autoscalerFor } from "../../../components/cluster/eks/data/autoscalers.ts";

describe("the autoscaler", () => {
  it("is restricted, pinned and changes the groups of its own cluster up to their sum", async () => {
    const { resources } = await recordEks({ spotNodes: { maxCount: 2 } });
    const deployment = registration(resources, "kubernetes:apps/v1:Deployment", "cluster-autoscaler").inputs;
    assert.equal(at(deployment, "metadata.namespace"), "kube-system");
    const container = fields(at(deployment, "spec.template.spec.containers.0"));
    assert.equal(container.image, "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2");
    assert.deepEqual(container.args, [
      "--cloud-provider=aws",
      "--namespace=kube-system",
      "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/mlops",
      "--max-nodes-total=5",
      "--expander=least-waste",
      "--skip-nodes-with-system-pods=false",
      "--skip-nodes-with-local-storage=false",
    ]);
    const { policy } = registration(resources, "aws:iam/rolePolicy:RolePolicy", "cluster-autoscaler").inputs;
    assert.deepEqual(at(JSON.parse(String(policy)), "Statement.2"), {
      Sid: "Scale",
      Effect: "Allow",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: "arn:aws:autoscaling:eu-central-1:*:autoScalingGroup:*:autoScalingGroupName/*",
      Condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/mlops": "owned" } },
    });
  });

  it("is that of the cluster's minor version, or of the nearest that it is made for", () => {
    const versions = ["1.29", "1.34", "1.35", "1.36", "1.37", "1.100"];
    const numbers = versions.map((minor) => autoscalerFor(minor).replace("clusterAutoscaler-", ""));
    assert.deepEqual(numbers, ["1.34", "1.34", "1.35", "1.36", "1.36", "1.36"]);
  });
});
