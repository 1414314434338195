import { partitionOf, type PolicyDocument, policyDocument } from "../eks-policies.ts";

/**
 * What the load balancer controller may do: see the network, and change what bears its cluster's tag.
 *
 * Without shields, firewalls and Cognito, which the chart's values switch off or no annotation asks for.
 *
 * Source: https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json
 */
export function loadBalancerPolicy(clusterName: string, region: string): PolicyDocument {
  const arn = (service: string, resource: string) => `arn:${partitionOf(region)}:${service}:${region}:*:${resource}`;
  const ofBalancing = (...resources: string[]) => resources.map((resource) => arn("elasticloadbalancing", resource));
  const groups = arn("ec2", "security-group/*");
  const parts = ofBalancing("listener/*", "listener-rule/*");
  const whole = ofBalancing("loadbalancer/app/*/*", "targetgroup/*/*");
  const asked = { [`aws:RequestTag/${ownerTag}`]: clusterName };
  const owned = { [`aws:ResourceTag/${ownerTag}`]: clusterName };
  const allow = (Sid: string, Action: string[], Resource: string | string[], equals?: Record<string, string>) => ({
    Sid,
    Effect: "Allow" as const,
    Action,
    Resource,
    ...(equals === undefined ? {} : { Condition: { StringEquals: equals } }),
  });
  return policyDocument(
    // These actions know no resource.
    allow("See", seen, "*"),
    allow("SeeCertificates", ["acm:DescribeCertificate"], arn("acm", "certificate/*")),
    allow("SeeGroupsOfVpc", ["ec2:GetSecurityGroupsForVpc"], arn("ec2", "vpc/*")),
    allow("ServiceLinkedRole", ["iam:CreateServiceLinkedRole"], serviceLinkedRole(region), {
      "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com",
    }),
    allow("MakeSecurityGroups", ["ec2:CreateSecurityGroup"], [groups, arn("ec2", "vpc/*")]),
    allow("TagNewSecurityGroups", ["ec2:CreateTags"], groups, { "ec2:CreateAction": "CreateSecurityGroup", ...asked }),
    allow(
      "ChangeOwnSecurityGroups",
      ["ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteSecurityGroup", ...groupRules],
      groups,
      owned,
    ),
    // The nodes' group is EKS's and bears this tag.
    allow("LetOwnGroupIntoNodes", groupRules, groups, {
      [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned",
    }),
    allow(
      "Make",
      [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateTargetGroup",
      ],
      whole,
      asked,
    ),
    allow("ChangeOwn", changed, [...whole, ...parts], owned),
    // A listener's tags are those of its load balancer, whose creation the statement above limits.
    allow("TagNewParts", ["elasticloadbalancing:AddTags"], parts, asked),
  );
}

/** What the controller puts on everything that it makes. */
const ownerTag = "elbv2.k8s.aws/cluster";

const groupRules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"];

const seen = [
  "acm:ListCertificates",
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeAddresses",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInstances",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeTags",
  "ec2:DescribeVpcPeeringConnections",
  "ec2:DescribeVpcs",
  "elasticloadbalancing:DescribeCapacityReservation",
  "elasticloadbalancing:DescribeListenerAttributes",
  "elasticloadbalancing:DescribeListenerCertificates",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeSSLPolicies",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
];

const changed = [
  "AddListenerCertificates",
  "AddTags",
  "CreateListener",
  "CreateRule",
  "DeleteListener",
  "DeleteLoadBalancer",
  "DeleteRule",
  "DeleteTargetGroup",
  "DeregisterTargets",
  "ModifyListener",
  "ModifyListenerAttributes",
  "ModifyLoadBalancerAttributes",
  "ModifyRule",
  "ModifyTargetGroup",
  "ModifyTargetGroupAttributes",
  "RegisterTargets",
  "RemoveListenerCertificates",
  "RemoveTags",
  "SetIpAddressType",
  "SetRulePriorities",
  "SetSecurityGroups",
  "SetSubnets",
].map((action) => `elasticloadbalancing:${action}`);

function serviceLinkedRole(region: string): string {
  const service = "elasticloadbalancing.amazonaws.com";
  return `arn:${partitionOf(region)}:iam::*:role/aws-service-role/${service}/AWSServiceRoleForElasticLoadBalancing`;
}
