import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../lib/json.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import { stacksOf } from "../../preview/stack.ts";
import { folder, renderCase } from "./program-cases.ts";
import { allObjects } from "./program-objects.ts";

/**
 * Everything in which the Kubernetes objects of a stack may differ from those of minikube, with the reason.
 *
 * `*` stands for a name, a key or an index. What is in no row is the same everywhere.
 */
const allowed: Record<string, string> = {
  "mlops/PersistentVolumeClaim/*: spec.storageClassName": "each cluster has its own class",
  "StorageClass/gp3: added": "EKS has no encrypted class of its own",
  "kube-system/NetworkPolicy/allow-all-*: added": "EKS closes pods that no policy selects",
  "kube-system/*/cluster-autoscaler: added": "EKS has no autoscaler of its own",
  "ClusterRole*/cluster-autoscaler: added": "EKS has no autoscaler of its own",
  "*/ServiceAccount/*: metadata.annotations": "a cloud's identity in place of a key",
  "*/ServiceAccount/*: metadata.annotations.iam.gke.io/gcp-service-account": "a cloud's identity in place of a key",
  "*/ServiceAccount/*: metadata.annotations.eks.amazonaws.com/role-arn": "a cloud's identity in place of a key",
  "*/Secret/*: stringData.AWS_*": "a cloud's identity in place of a key",
  "mlops/Secret/airflow-log-storage: missing": "a cloud's identity in place of a key",
  "*/ConfigMap/*: data.AWS_*": "endpoint of MinIO, or the region of the bucket",
  "*/ConfigMap/*: data.*_URI": "the bucket",
  "mlops/ConfigMap/airflow-log-storage: data.AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": "the bucket",
  "mlops/Deployment/mlflow: spec.template.spec.containers.0.args.6": "the bucket",
  "mlops/Deployment/mlflow: spec.template.spec.containers.0.env": "endpoint of MinIO, or the region of the bucket",
  "*/NetworkPolicy/*: spec.egress": "the way to the identity and to the bucket",
  "mlops/Secret/minio-users: stringData.mlops-*": "who keeps data in the bucket has no user at MinIO",
  "Namespace/*: metadata.annotations.mlops/stack": "the sign names the stack",
  "mlops/ConfigMap/databases-spec: data.spec.json": "the same",
  "mlops/Job/databases: spec.template.metadata.annotations.mlops/config-hash": "the same, as a hash",
  "mlops/ConfigMap/minio-spec: data.spec.json": "who keeps data in the bucket has no user at MinIO",
  "mlops/Job/minio-provision: spec.template.metadata.annotations.mlops/config-hash": "the same, as a hash",
};

/** The same of the chart's objects, where a chart is given. */
const allowedOfChart: Record<string, string> = {
  "mlops/*/airflow-*: spec.template.spec.containers.0.envFrom": "a cloud's identity in place of a key",
  "mlops/ConfigMap/airflow-config: data.pod_template_file.yaml": "the same, of the workers' pods",
  "mlops/Deployment/*: spec.template.metadata.annotations.checksum/airflow-config": "the same, as a hash",
};

/** What users choose and no cluster asks for is set alike. */
const same = {
  airflow: { highAvailability: false },
  exposure: { kind: "portForward" },
  imageRegistry: "registry.example.org/mlops",
  labels: { "cost-center": "ml", environment: "production" },
  postgres: { kind: "cluster" },
  projects: [{ name: "examples" }, { name: "pageviews" }],
};

const base = "minikube";
const others = stacksOf(folder).filter((stack) => stack !== base);

describe("the platform's objects", () => {
  const differences = new Map<string, string[]>();
  let hasChart = false;

  before(async () => {
    const objectsOf = async (stack: string, config: Record<string, unknown> = same) => {
      const rendering = await renderCase({ title: stack, stack, config });
      hasChart = rendering.charts.every(({ rendered }) => rendered.objects !== undefined);
      return new Map(allObjects(rendering).map((object) => [nameOf(object), object]));
    };
    // Clouds pull by digest; on minikube the images may have been loaded by hand.
    const ours = await objectsOf(base, { ...same, cluster: { kind: base, imageDigests: true } });
    for (const stack of others) differences.set(stack, differencesOf(ours, await objectsOf(stack)));
  });

  for (const stack of others) {
    it(`of ${stack} differ from those of ${base} in the allowed places alone`, () => {
      const unexpected = (differences.get(stack) ?? []).filter((path) => !patterns.some(({ test }) => test(path)));
      assert.deepEqual(unexpected, []);
    });
  }

  it("differ in no more than 25 places, each of which some stack needs", () => {
    const all = [...differences.values()].flat();
    const unused = patterns.filter(({ test }) => !all.some(test)).map(({ pattern }) => pattern);
    assert.deepEqual(unused, hasChart ? [] : Object.keys(allowedOfChart));
    assert.ok(patterns.length <= 25, `${patterns.length} places`);
  });
});

const patterns = Object.keys({ ...allowed, ...allowedOfChart }).map((pattern) => {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const source = pattern.split("*").map(literal).join("[^ /:]*");
  const expression = new RegExp(`^${source}$`);
  return { pattern, test: (path: string) => expression.test(path) };
});

/** Paths such as `mlops/Service/mlflow: spec.type`; an object that one side lacks is `…: missing` or `…: added`. */
function differencesOf(ours: Map<string, KubernetesObject>, theirs: Map<string, KubernetesObject>): string[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].flatMap((name) => {
    const [our, their] = [ours.get(name), theirs.get(name)];
    if (our === undefined) return [`${name}: added`];
    if (their === undefined) return [`${name}: missing`];
    return [...new Set(changedPaths(our, their, ""))].map((path) => `${name}: ${path}`);
  });
}

function changedPaths(one: unknown, other: unknown, path: string): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  const inner = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(one) && Array.isArray(other)) {
    // Elements that came or went shift the others: the list as a whole differs.
    if (one.length !== other.length) return [path];
    return one.flatMap((item, i) => changedPaths(item, other[i], inner(i)));
  }
  if (!isObject(one) || !isObject(other)) return [path];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => changedPaths(one[key], other[key], inner(key)));
}
