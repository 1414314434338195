import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { programPath } from "../../lib/programs/tools.ts";
import { releasesOf } from "../../preview/chart-release.ts";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { isKubernetesObject, type KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { Recording, Registration } from "../../lib/recording.ts";
import { isObject } from "../../lib/json.ts";

const run = promisify(execFile);

export const chart = process.env.AIRFLOW_CHART ?? process.env.CHART;

/** Why the chart cannot be rendered here; undefined where it can. */
export function whyNotRendered(): string | undefined {
  if (chart === undefined || chart === "") return "AIRFLOW_CHART names no chart that helm can render";
  return programPath("helm") !== undefined ? undefined : "helm is not on PATH";
}

/** What helm makes of the recorded release, its hooks included. */
export async function renderText({ resources }: Recording): Promise<string> {
  const [release] = releasesOf(resources);
  if (release === undefined || chart === undefined) throw new Error("there is no chart to render");
  const { name, namespace, values } = release;
  const command = run("helm", ["template", name, chart, "--namespace", namespace, "--values", "-"], {
    env: { ...process.env, KUBECONFIG: "/dev/null" },
    maxBuffer: 64 * 2 ** 20,
  });
  command.child.stdin?.end(JSON.stringify(values));
  return (await command).stdout;
}

/** The chart's own default values. */
export async function defaultValues(): Promise<unknown> {
  const { stdout } = await run("helm", ["show", "values", chart ?? ""], { maxBuffer: 64 * 2 ** 20 });
  const values: unknown = parse(stdout);
  return values;
}

export function objectsIn(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => {
      const object: unknown = document.toJS();
      return object;
    })
    .filter(isKubernetesObject);
}

/** A pod of the chart and who makes it; worker pods are made by Airflow, from a template. */
export interface RenderedPod {
  maker: string;
  labels: Record<string, unknown>;
  annotations: Record<string, unknown>;
  spec: Record<string, unknown>;
  containers: Record<string, unknown>[];
}

export function podsOf(objects: KubernetesObject[]): RenderedPod[] {
  const template = workerTemplate(objects);
  return [...objects, ...(template === undefined ? [] : [template])].flatMap((object) => {
    const spec = podSpecOf(object);
    if (spec === undefined) return [];
    const { labels, annotations } = podMetadata(object);
    const containers = ["initContainers", "containers"].flatMap((key) => records(spec[key]));
    return [
      { maker: object.metadata.name, labels: record(labels), annotations: record(annotations), spec, containers },
    ];
  });
}

function podMetadata(object: KubernetesObject): Record<string, unknown> {
  const { spec } = object;
  if (object.kind === "Pod") return object.metadata;
  return isObject(spec) && isObject(spec.template) ? record(spec.template.metadata) : {};
}

function workerTemplate(objects: KubernetesObject[]): KubernetesObject | undefined {
  const config = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "airflow-config");
  const text = record(config?.data)["pod_template_file.yaml"];
  const template: unknown = typeof text === "string" ? parse(text) : undefined;
  return isKubernetesObject(template)
    ? { ...template, metadata: { ...template.metadata, name: "worker pod" } }
    : undefined;
}

/** What objects name that must exist before them, e.g. `Secret airflow-keys fernet-key` and `Secret airflow-keys`. */
export function referencesOf({ spec, containers }: RenderedPod): string[] {
  const variables = containers.flatMap(({ env }) => records(env)).map(({ valueFrom }) => record(valueFrom));
  const sources = containers.flatMap(({ envFrom }) => records(envFrom));
  const volumes = records(spec.volumes);
  return [
    ...variables.map(({ secretKeyRef }) => record(secretKeyRef)).map(({ name, key }) => reference("Secret", name, key)),
    ...sources.map(({ secretRef }) => reference("Secret", record(secretRef).name)),
    ...sources.map(({ configMapRef }) => reference("ConfigMap", record(configMapRef).name)),
    ...volumes.map(({ secret }) => reference("Secret", record(secret).secretName)),
    ...volumes.map(({ configMap }) => reference("ConfigMap", record(configMap).name)),
    ...volumes.map((volume) => reference("PersistentVolumeClaim", record(volume.persistentVolumeClaim).claimName)),
    reference("ServiceAccount", spec.serviceAccountName),
  ].filter((found) => found !== undefined);
}

function reference(kind: string, name: unknown, key?: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  return typeof key === "string" ? `${kind} ${name} ${key}` : `${kind} ${name}`;
}

/** What the component and the chart make, written as `referencesOf` does. */
export function existing(resources: Registration[], objects: KubernetesObject[]): Set<string> {
  const registered = resources.map(({ inputs }) => inputs).filter(isKubernetesObject);
  return new Set(
    [...registered, ...objects].flatMap(({ kind, metadata: { name }, data, stringData }) => [
      `${kind} ${name}`,
      ...Object.keys({ ...record(data), ...record(stringData) }).map((key) => `${kind} ${name} ${key}`),
    ]),
  );
}

export function record(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
