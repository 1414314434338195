import { at, isObject, listAt, textAt } from "../../../lib/json.ts";
import { type KubernetesObject, toYaml } from "../../../lib/kubernetes/objects.ts";
import { type ChartPods, type Values, type Workload, workerPods, workloads } from "./workloads.ts";

/** A release of the chart. */
interface Release {
  name: string;
  namespace: string;
  values: Values;
}

/**
 * What makes pods in a release of the chart, by its values alone: replicas, images, requests and limits, security
 * contexts, pull secrets, accounts, labels, and claims of volumes.
 *
 * They stand for the chart's objects in tables and policies where the chart is not rendered; they are never deployed.
 */
export function podsOfValues(release: Release): KubernetesObject[] {
  const { values } = release;
  const deployed = workloads.filter(({ path, isDeployed, isOptional = false }) => {
    const enabled = at(values, `${path}.enabled`);
    return (isOptional ? enabled === true : enabled !== false) && isDeployed?.(values) !== false;
  });
  return [...deployed.map((workload) => objectOf(release, workload)), ...workerTemplate(release)];
}

function objectOf(release: Release, workload: Workload): KubernetesObject {
  const { namespace, values } = release;
  const { kind, path } = workload;
  const template = podTemplate(release, workload);
  const metadata = { name: `${release.name}-${workload.name}`, namespace, labels: template.metadata.labels };
  if (kind === "CronJob") {
    return { apiVersion: "batch/v1", kind, metadata, spec: { jobTemplate: { spec: { template } } } };
  }
  if (kind === "Job") return { apiVersion: "batch/v1", kind, metadata, spec: { template } };
  const replicas = at(values, `${path}.replicas`) ?? 1;
  const claims = claimsOf(values, workload);
  const ofSet = claims.length === 0 ? {} : { volumeClaimTemplates: claims };
  const actual = claims.length === 0 ? kind : "StatefulSet";
  return { apiVersion: "apps/v1", kind: actual, metadata, spec: { replicas, template, ...ofSet } };
}

/** The volume that the chart makes for each replica. */
function claimsOf(values: Values, { persistence }: Workload): object[] {
  const settings = at(values, persistence?.(values) ?? "");
  if (at(settings, "enabled") !== true || at(settings, "existingClaim") !== undefined) return [];
  const storage = at(settings, "size") ?? "100Gi";
  const storageClassName = at(settings, "storageClassName");
  const ofClass = storageClassName === undefined ? {} : { storageClassName };
  return [{ metadata: { name: "logs" }, spec: { resources: { requests: { storage } }, ...ofClass } }];
}

/** Worker pods are in no object of the chart: Airflow makes them from a file in its ConfigMap. */
function workerTemplate(release: Release): KubernetesObject[] {
  if (workerPods.isDeployed?.(release.values) === false) return [];
  const { metadata, spec } = podTemplate(release, workerPods);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: workerPods.name, ...metadata }, spec };
  const { name, namespace } = release;
  const data = { "pod_template_file.yaml": toYaml(pod) };
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}-config`, namespace, labels: metadata.labels },
      data,
    },
  ];
}

interface PodTemplate {
  metadata: { labels: Record<string, unknown> };
  spec: Record<string, unknown>;
}

function podTemplate(release: Release, pods: ChartPods): PodTemplate {
  const { name, values } = release;
  const { path, component = pods.name } = pods;
  const own = at(values, path);
  const labels = { ...fields(values, "labels"), ...fields(own, "labels") };
  return {
    metadata: { labels: { tier: "airflow", component, release: name, ...labels } },
    spec: {
      serviceAccountName: textAt(own, "serviceAccount.name") ?? `${name}-${pods.name}`,
      securityContext: at(own, "securityContexts.pod") ?? at(values, "securityContexts.pod"),
      imagePullSecrets: listAt(values, "imagePullSecrets").map((one) => (isObject(one) ? one : { name: one })),
      initContainers: initContainers(values, pods),
      containers: containers(values, pods),
      volumes: [...listAt(values, "volumes"), ...listAt(own, "extraVolumes")],
    },
  };
}

function initContainers(values: Values, { path, readsDags }: ChartPods): unknown[] {
  const own = at(values, path);
  const waits = at(own, "waitForMigrations.enabled") === true;
  const settings = fields(own, "waitForMigrations");
  return [
    ...(waits ? [container(values, "wait-for-airflow-migrations", "airflow", { ...fields(own), ...settings })] : []),
    ...(readsDags?.(values) === true ? [gitSync(values, "git-sync-init")] : []),
    ...listAt(own, "extraInitContainers"),
  ];
}

function containers(values: Values, pods: ChartPods): unknown[] {
  const { path, image = "airflow", hasGroomer, readsDags } = pods;
  const own = fields(values, path);
  const groomer = fields(own, "logGroomerSidecar");
  const isGroomed = hasGroomer?.(values) === true && groomer.enabled !== false;
  const syncs = readsDags?.(values) === true && pods !== workerPods;
  return [
    container(values, pods.container ?? pods.name, image, own),
    ...(syncs ? [gitSync(values, "git-sync")] : []),
    ...(isGroomed ? [container(values, `${pods.name}-log-groomer`, "airflow", groomer)] : []),
    ...listAt(own, "extraContainers"),
  ];
}

function gitSync(values: Values, name: string): object {
  return container(values, name, "gitSync", fields(values, "dags.gitSync"));
}

/** @param own what its part of the values says: resources and security contexts */
function container(values: Values, name: string, image: string, own: Record<string, unknown>): object {
  return {
    name,
    image: imageOf(values, image),
    resources: own.resources ?? {},
    securityContext: at(own, "securityContexts.container") ?? at(values, "securityContexts.containers"),
  };
}

/** The images of Airflow itself have a common default. */
function imageOf(values: Values, key: string): string {
  const part = (name: string, common: string) =>
    textAt(values, `images.${key}.${name}`) ?? textAt(values, common) ?? "";
  const [repository, tag] = [part("repository", "defaultAirflowRepository"), part("tag", "defaultAirflowTag")];
  return `${repository}:${tag}`;
}

function fields(value: unknown, path?: string): Record<string, unknown> {
  const found = path === undefined ? value : at(value, path);
  return isObject(found) ? found : {};
}
