import { podSpecOf } from "../../../lib/kubernetes/demand.ts";
import { isObject } from "../../../lib/json.ts";
import type { KubernetesObject } from "../../../lib/kubernetes/objects.ts";

/** Workloads that a careful operator applies and waits for, one step after the other. */
const steps: string[][] = [
  ["postgres"],
  ["minio"],
  ["databases", "minio-provision"],
  ["mlflow-setup"],
  ["mlflow"],
  ["mlflow-provision"],
];

/** The objects in the order in which somebody deploys them by hand: settings, stores, MLflow, Airflow, monitoring. */
export function byHand(objects: KubernetesObject[]): KubernetesObject[][] {
  const numbers = objects.map(stepOf);
  const count = steps.length + 3;
  const parts = Array.from({ length: count }, (_, step) => objects.filter((_, i) => numbers[i] === step));
  return parts.filter((part) => part.length > 0);
}

function stepOf(object: KubernetesObject): number {
  const app = appOf(object);
  if (app === "airflow" && object.metadata.namespace !== undefined) return steps.length + 1;
  if (podSpecOf(object) === undefined) return 0;
  const step = steps.findIndex((names) => names.includes(app));
  return step < 0 ? steps.length + 2 : step + 1;
}

function appOf({ metadata: { labels } }: KubernetesObject): string {
  return isObject(labels) ? String(labels["app.kubernetes.io/name"]) : "";
}
