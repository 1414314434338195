import { partitionOf, type PolicyDocument, policyDocument } from "../eks-policies.ts";

/**
 * What the autoscaler may do in AWS: see every group, change those of its own cluster.
 *
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export function autoscalerPolicy(clusterName: string, region: string): PolicyDocument {
  return policyDocument(
    {
      Sid: "See",
      Effect: "Allow",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      // These actions know no resource.
      Resource: "*",
    },
    {
      Sid: "SeeNodeGroups",
      Effect: "Allow",
      Action: "eks:DescribeNodegroup",
      Resource: `arn:${partitionOf(region)}:eks:${region}:*:nodegroup/${clusterName}/*`,
    },
    {
      Sid: "Scale",
      Effect: "Allow",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: `arn:${partitionOf(region)}:autoscaling:${region}:*:autoScalingGroup:*:autoScalingGroupName/*`,
      Condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" } },
    },
  );
}

const see = ["get", "list", "watch"];

/**
 * What the autoscaler may do in the cluster, and in kube-system alone.
 *
 * @param name of its lease
 */
export function autoscalerRules(name: string) {
  const watched: [group: string, resources: string[]][] = [
    ["", ["namespaces", "persistentvolumeclaims", "persistentvolumes", "pods", "replicationcontrollers", "services"]],
    ["apps", ["daemonsets", "replicasets", "statefulsets"]],
    ["batch", ["cronjobs", "jobs"]],
    ["policy", ["poddisruptionbudgets"]],
    ["resource.k8s.io", ["deviceclasses", "resourceclaims", "resourceslices"]],
    ["storage.k8s.io", ["csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"]],
  ];
  const state = `${name}-status`;
  return {
    cluster: [
      ...watched.map(([group, resources]) => ({ apiGroups: [group], resources, verbs: see })),
      { apiGroups: [""], resources: ["nodes"], verbs: [...see, "update"] },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
      { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
    ],
    own: [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "watch"] },
      { apiGroups: [""], resources: ["configmaps"], resourceNames: [state], verbs: ["delete", "get", "update"] },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [name], verbs: ["get", "update"] },
    ],
  };
}
