import type { Loss } from "../../../policy/rule.ts";
import { cloud, deployment, type Example, object } from "./example.ts";

const rds = "aws:rds/instance:Instance";
const sql = "gcp:sql/databaseInstance:DatabaseInstance";
const gke = "gcp:container/cluster:Cluster";
const claim = (labels: object, protect = false) =>
  object("PersistentVolumeClaim", { metadata: { labels } }, { protect });
const protect = { protect: true };
const namespaceOf = (name: string) =>
  object("Namespace", { metadata: { name, labels: { "app.kubernetes.io/component": "project" } } });
const lossOf = (data: string, type: string, more: Partial<Loss> = {}): Loss => ({
  ...{ data, type, name: "main", object: undefined, how: "removed", fields: [], isIntended: false },
  ...more,
});
const entryOf = (namespace: string, protect: boolean) =>
  cloud("random:index/randomId:RandomId", { keepers: { namespace } }, { protect });
const inDevelopment = { tags: { environment: "development" } };
const labels = { "cost-center": "ml", environment: "production" };
const component = { "app.kubernetes.io/name": "main", "app.kubernetes.io/part-of": "mlops" };

/** Rules about production and about the bill. */
export const production: Example[] = [
  {
    rule: "stateful-deletion-protection",
    title: "what holds data cannot be deleted",
    resources: [
      cloud(rds, { deletionProtection: true }),
      cloud(sql, { settings: { deletionProtectionEnabled: true } }),
      cloud(gke, {}),
      cloud("aws:s3/bucket:Bucket", {}),
    ],
    violations: [],
  },
  {
    rule: "stateful-deletion-protection",
    title: "in development it may be",
    resources: [
      cloud(rds, inDevelopment),
      cloud(rds, {}, { provider: { defaultTags: JSON.stringify(inDevelopment) } }),
    ],
    violations: [],
  },
  {
    rule: "stateful-deletion-protection",
    title: "without a label a cloud's resource is production",
    resources: [
      cloud(rds, { skipFinalSnapshot: true }),
      cloud(sql, { deletionProtection: false }),
      cloud(gke, { deletionProtection: false }),
      cloud("gcp:storage/bucket:Bucket", { forceDestroy: true }),
    ],
    violations: [
      `${rds} main can be deleted (deletionProtection)`,
      `${rds} main can be deleted (skipFinalSnapshot)`,
      `${sql} main can be deleted (deletionProtection)`,
      `${sql} main can be deleted (settings.deletionProtectionEnabled)`,
      `${gke} main can be deleted (deletionProtection)`,
      "gcp:storage/bucket:Bucket main can be deleted (forceDestroy)",
    ],
  },
  {
    rule: "stateful-protect",
    title: "protected, or not production",
    resources: [cloud(rds, {}, protect), cloud("aws:kms/key:Key", inDevelopment), cloud("aws:ec2/vpc:Vpc", {})],
    violations: [],
  },
  {
    rule: "stateful-protect",
    title: "not protected in production",
    resources: [cloud(rds, {}), cloud("gcp:kms/cryptoKey:CryptoKey", { labels })],
    violations: [`${rds} main lacks the option protect`, "gcp:kms/cryptoKey:CryptoKey main lacks the option protect"],
  },
  {
    rule: "volumes-protected",
    title: "protected volumes and namespaces, a node's folder and a guarded project",
    resources: [
      claim({}, true),
      object("PersistentVolumeClaim", { spec: { volumeName: "mlops-data" } }),
      object("Namespace", { metadata: { name: "mlops" } }, protect),
      namespaceOf("pageviews"),
      entryOf("pageviews", true),
    ],
    violations: [],
  },
  {
    rule: "volumes-protected",
    title: "a volume, a namespace and a project that may go unasked",
    resources: [
      claim({}),
      object("Namespace", { metadata: { name: "mlops" } }),
      namespaceOf("pageviews"),
      entryOf("pageviews", false),
      entryOf("other", true),
    ],
    violations: [
      "mlops/PersistentVolumeClaim/main lacks the option protect",
      "Namespace/mlops lacks the option protect",
      "Namespace/pageviews is not guarded by a protected entry",
    ],
  },
  {
    rule: "data-not-deleted",
    title: "a project that is listed as removed",
    resources: [],
    losses: [lossOf("project-namespaces", "kubernetes:core/v1:Namespace", { isIntended: true })],
    violations: [],
  },
  {
    rule: "data-not-deleted",
    title: "a volume of another class and a database that goes",
    resources: [],
    losses: [
      lossOf("main", "kubernetes:core/v1:PersistentVolumeClaim", {
        object: "mlops/main",
        how: "replaced",
        fields: ["spec.storageClassName"],
      }),
      lossOf("database", rds),
    ],
    violations: [
      "PersistentVolumeClaim mlops/main is replaced because of spec.storageClassName, which deletes its data: move it first " +
        '(docs/operations.md, "Move a volume to another storage class"), or name main in allowDataLoss if the data may be lost',
      "Instance main is deleted with its data: name database in allowDataLoss if the data may be lost",
    ],
  },
  {
    rule: "cost-labels",
    title: "tags, labels, and a provider's defaults",
    resources: [
      cloud("aws:eks/cluster:Cluster", { tags: labels }),
      cloud("aws:eks/cluster:Cluster", {}, { provider: { defaultTags: JSON.stringify({ tags: labels }) } }),
      cloud("gcp:container/nodePool:NodePool", { nodeConfig: { resourceLabels: labels } }),
      cloud("gcp:storage/bucket:Bucket", {}, { provider: { defaultLabels: JSON.stringify(labels) } }),
      claim(component),
      deployment({}, {}, { labels: component }),
      cloud("aws:ec2/vpc:Vpc", {}),
    ],
    violations: [],
  },
  {
    rule: "cost-labels",
    title: "a disk and a database of nobody",
    resources: [cloud(sql, { settings: { userLabels: { "cost-center": "ml" } } }), claim({})],
    violations: [
      `${sql} main has no label environment`,
      "mlops/PersistentVolumeClaim/main has no label app.kubernetes.io/name",
      "mlops/PersistentVolumeClaim/main has no label app.kubernetes.io/part-of",
    ],
  },
];
