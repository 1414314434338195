import { airflow } from "./airflow/description.ts";
import { backup } from "./backup/description.ts";
import type { DataVolume, Outside, PartDescription, PodGroup, StackShape, WebUi } from "./description.ts";
import { minio } from "./minio/description.ts";
import { mlflow } from "./mlflow/description.ts";
import { grafana, prometheus } from "./monitoring/description.ts";
import { postgres } from "./postgres/description.ts";
import { projects } from "./project/description.ts";
import { siteSecrets } from "./site/description.ts";

/** Every part of the platform. A policy's rules name clients in this order. */
export const parts = {
  airflow,
  backup,
  postgres,
  mlflow,
  minio,
  projects,
  prometheus,
  grafana,
} as const satisfies Record<string, PartDescription>;

type Parts = typeof parts;

export type PartName = keyof Parts;

/** A group of pods, by the name of its NetworkPolicy. */
export type PodGroupName = { [Part in PartName]: keyof Parts[Part]["pods"] }[PartName];

/** A web UI's name in configuration, hosts and outputs: its part's. */
export type WebUiName = { [Part in PartName]: Parts[Part] extends { ui: WebUi } ? Part : never }[PartName];

const all: [PartName, PartDescription][] = Object.entries(parts) as [PartName, PartDescription][];

/** Every group of pods. */
export const podGroups = Object.fromEntries(all.flatMap(([, { pods }]) => Object.entries(pods))) as Record<
  PodGroupName,
  PodGroup
>;

export const podGroupNames = Object.keys(podGroups) as PodGroupName[];

/** A group of pods whose containers the program sizes; those of Airflow are the chart's, those of projects the DAGs'. */
export type SizedGroup = {
  [Part in PartName]: {
    [Group in keyof Parts[Part]["pods"]]: Parts[Part]["pods"][Group] extends { resources: object } ? Group : never;
  }[keyof Parts[Part]["pods"]];
}[PartName];

export const sizedGroups = podGroupNames.filter((name): name is SizedGroup => podGroups[name].resources !== undefined);

/** The part that a group of pods belongs to. */
export const partOf = Object.fromEntries(
  all.flatMap(([part, { pods }]) => Object.keys(pods).map((group) => [group, part])),
) as Record<PodGroupName, PartName>;

/** Every web UI. */
export const webUis = Object.fromEntries(
  all.flatMap(([part, { ui }]) => (ui === undefined ? [] : [[part, ui]])),
) as Record<WebUiName, WebUi & { pods: PodGroupName }>;

export const webUiNames = Object.keys(webUis) as WebUiName[];

/** A volume with data, by the name of its claim. */
export type VolumeName = {
  [Part in PartName]: Parts[Part] extends { volumes: infer Volumes } ? keyof Volumes & string : never;
}[PartName];

/** Every volume with data. */
export const volumes = Object.fromEntries(all.flatMap(([, part]) => Object.entries(part.volumes ?? {}))) as Record<
  VolumeName,
  DataVolume
>;

export const volumeNames = (Object.keys(volumes) as VolumeName[]).toSorted();

/** Every Secret, in the order of the parts; last, those of the site. */
export const secrets = [...all.flatMap(([, part]) => part.secrets ?? []), ...siteSecrets];

/** A value for each part. */
export function mapParts<T>(value: (part: PartDescription) => T): Record<PartName, T> {
  return Object.fromEntries(all.map(([name, part]) => [name, value(part)])) as Record<PartName, T>;
}

/** Whether a stack has the pods of a group. */
export function isDeployed(group: PodGroupName, stack: StackShape): boolean {
  return podGroups[group].isDeployed?.(stack) ?? true;
}

/** The group of pods with these labels; undefined: none of the platform's. */
export function groupOf(labels: Readonly<Record<string, unknown>>): PodGroupName | undefined {
  return podGroupNames.find((name) => {
    const own = Object.entries(podGroups[name].labels);
    return own.length > 0 && own.every(([key, value]) => labels[key] === value);
  });
}

/** Whether pods of a group connect to what is neither theirs nor the cluster's: a repository, a cloud, any address. */
export function connectsOutside(group: PodGroupName, stack: StackShape): boolean {
  const inside: readonly Outside[] = ["kubelets", "kubernetesApi"];
  return (podGroups[group].outside?.(stack) ?? []).some((kind) => !inside.includes(kind));
}

/** The web UIs whose pods a stack has. */
export function deployedWebUis(stack: StackShape): WebUiName[] {
  return webUiNames.filter((name) => isDeployed(webUis[name].pods, stack));
}

/** A value for each web UI. */
export function mapWebUis<T>(value: (name: WebUiName, ui: WebUi) => T): Record<WebUiName, T> {
  return Object.fromEntries(webUiNames.map((name) => [name, value(name, webUis[name])])) as Record<WebUiName, T>;
}
