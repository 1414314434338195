import { infracost, priceTable } from "../../prices.ts";

const golden = (resource: string) => infracost("aws", resource);

/** List prices of AWS. */
export const eksPrices = priceTable(
  "2026-11-21",
  {
    awsEks: {
      url: "https://aws.amazon.com/blogs/containers/amazon-eks-extended-support-for-kubernetes-versions-pricing/",
      asOf: "2024-04-01",
    },
    infracostDb: { url: golden("db_instance"), asOf: "2024-07-01" },
    infracostEbs: { url: golden("ebs_volume"), asOf: "2024-07-01" },
    infracostEip: { url: golden("eip"), asOf: "2024-07-01" },
    infracostKms: { url: golden("kms_key"), asOf: "2024-07-01" },
    infracostLb: { url: golden("lb"), asOf: "2024-07-01" },
    infracostNat: { url: golden("nat_gateway"), asOf: "2024-07-01" },
    infratally: { url: "https://infratally.com/articles/aws-rds-pricing-explained-2026.html", asOf: "2026" },
    karpenter: {
      url: "https://github.com/aws/karpenter-provider-aws/blob/031e72b6099630e960dacb88b48a7e9bb780945f/pkg/providers/pricing/zz_generated.pricing_aws.go",
      asOf: "2026-01-19",
    },
    skypilotAws: {
      url: "https://github.com/skypilot-org/skypilot-catalog/blob/00148f2af3672e2229b4f7bf8157d5a3f36e3c35/catalogs/v8/aws/vms.csv",
      asOf: "unknown",
    },
  },
  [
    ["control plane", "hour", "awsEks", { all: 0.1 }],
    ["m6a.large", "hour", "karpenter", { "us-east-1": 0.0864 }],
    ["m7i.large", "hour", "karpenter", { "us-east-1": 0.1008 }],
    [
      "m7i.xlarge",
      "hour",
      "skypilotAws",
      {
        "us-east-1": 0.2016,
        "us-east-2": 0.2016,
        "us-west-2": 0.2016,
        "eu-west-1": 0.2247,
        "eu-central-1": 0.2415,
      },
    ],
    ["m7i.2xlarge", "hour", "karpenter", { "us-east-1": 0.4032 }],
    // Spot prices of AWS follow the demand: the highest of the region's zones when the source read them.
    ["m6a.large spot", "hour", "skypilotAws", { "us-east-1": 0.0459 }],
    ["m6a.xlarge spot", "hour", "skypilotAws", { "us-east-1": 0.1041 }],
    ["disk gp3", "GiB-month", "infracostEbs", { "us-east-1": 0.08 }],
    ["disk gp2", "GiB-month", "infracostEbs", { "us-east-1": 0.1 }],
    ["NAT gateway", "hour", "infracostNat", { "us-east-1": 0.045 }],
    ["load balancer", "hour", "infracostLb", { "us-east-1": 0.0225 }],
    ["address", "hour", "infracostEip", { "us-east-1": 0.005 }],
    ["key", "month", "infracostKms", { "us-east-1": 1 }],
    ["database db.t4g.small", "hour", "infratally", { "us-east-1": 0.032 }],
    ["database db.t4g.medium", "hour", "infratally", { "us-east-1": 0.065 }],
    ["database gp3", "GiB-month", "infracostDb", { "us-east-1": 0.115 }],
  ],
);
