import { numberAt, textAt } from "../../../../lib/json.ts";
import { piece } from "../../billed.ts";
import type { CloudKind } from "../../kind.ts";
import { priceTable } from "../../prices.ts";
import { example, exampleIdentity } from "./schema.ts";

const sources = { list: { url: "https://example.org/prices", asOf: "2026-11-21" } };

/** A cloud that exists in a test alone. */
export const exampleKind = {
  schema: example,
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "cluster", imageRegistry: "localhost/mlops" },
  cloud: {
    provider: "example",
    identity: exampleIdentity,
    isArm: () => false,
    exampleIdentity: { kind: "example", region: "north-1" },
    postgresNames: [],
    identityEndpoints: [],
    objectStorage: { scheme: "s3:", accountAnnotation: "example.org/identity" },
    volumeDriver: "csi.example.org",
    mocks: {
      resources: {
        "example:index:Cluster": ({ name }) => ({ id: name, kubeconfig: "{}" }),
        "example:index:Bucket": ({ name }) => ({ id: name, bucket: name }),
      },
      calls: {},
    },
    resources: {
      "example:index:Cluster": { tags: "tags", guards: {} },
      "example:index:Bucket": { tags: "tags", guards: {} },
    },
    purposes: { compute: /\.Cluster$/, data: /\.Bucket$/ },
    policy: {
      keyForms: {},
      annotations: { privateService: {}, privateIngress: {}, certificates: [], answersPlainHttp: () => false },
      checks: {
        "no-public-plaintext": {},
        "no-iam-wildcards": {},
        "trust-names-subject-and-audience": {},
        "storage-not-public": {},
        "storage-encrypted": {},
        "storage-versioned": {},
      },
      allowed: [],
      exceptions: [],
    },
    replacements: { "example:index:Bucket": ["region"], "example:index:Cluster": ["region"] },
    billing: {
      prices: priceTable("2026-11-21", sources, [
        ["control plane", "hour", "list", { all: 0.1 }],
        ["standard-4", "hour", "list", { "north-1": 0.2 }],
      ]),
      items: { "example:index:Cluster": () => piece("control plane") },
      nodeGroups: {
        "example:index:Cluster": ({ inputs }) => ({
          machineType: textAt(inputs, "nodes.machineType") ?? "",
          minCount: numberAt(inputs, "nodes.minCount"),
          maxCount: numberAt(inputs, "nodes.maxCount"),
          diskSizeGiB: undefined,
          diskType: undefined,
          isSpot: false,
        }),
      },
      byUse: {},
      free: /^example:/,
      storageClasses: {},
    },
  },
} satisfies CloudKind;
