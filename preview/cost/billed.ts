import { type BilledItem, loadBalancer, volume } from "../../components/cluster/billed.ts";
import { clouds } from "../../components/cluster/kinds.ts";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import { knownObjects } from "../chart-pods.ts";
import { nodeGroupsOf } from "./nodes.ts";
import { billedPods } from "./pods.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { merged } from "../../lib/merged.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import type { Rendering } from "../render.ts";

const billings = clouds.map(({ billing }) => billing);
const readers = merged(billings.map(({ items }) => items));

/** Everything among a stack's resources and its charts' objects that costs by its size or its number. */
export function billedItemsOf({ resources, objects, charts }: Rendering): BilledItem[] {
  const rendered = [
    ...objects.map(({ object }) => object),
    ...charts.flatMap(({ rendered }) => knownObjects(rendered)),
  ];
  const classes = storageTypes(rendered);
  const cloud = resources.flatMap((resource) => {
    const item = readers[resource.type]?.(resource.inputs);
    return item === undefined ? [] : [{ name: resource.name, ...item }];
  });
  const nodes = nodeGroupsOf(resources).map(({ name, machineType, minCount, maxCount, ...group }) => ({
    kind: "nodes" as const,
    name,
    properties: {
      machine: `${machineType}${group.isSpot ? " spot" : ""}`,
      "minimum nodes": minCount ?? "?",
      "maximum nodes": maxCount ?? "?",
      ...(group.diskSizeGiB === undefined ? {} : { "disk GiB": group.diskSizeGiB }),
      ...(group.diskType === undefined ? {} : { disk: group.diskType }),
      ...(group.hasPublicAddress === true ? { "public address": "each" } : {}),
    },
  }));
  const pods = billings.some(({ billsPods }) => billsPods?.(resources) ?? false) ? [billedPods(rendered)] : [];
  const all = [...cloud, ...nodes, ...pods, ...rendered.flatMap((object) => objectItems(object, classes))];
  // Ingresses of one group share a load balancer.
  return [...new Map(all.map((item) => [idOf(item), item])).values()].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** What names an item within its stack. */
export function idOf({ kind, name }: BilledItem): string {
  return `${kind} ${name}`;
}

/** The type of disk that each storage class makes. */
function storageTypes(objects: readonly KubernetesObject[]): Map<string, string> {
  const own = objects
    .filter(({ kind }) => kind === "StorageClass")
    .map(({ metadata, ...object }): [string, string] => [
      metadata.name,
      textAt(object, "parameters.type") ?? metadata.name,
    ]);
  return new Map([...billings.flatMap(({ storageClasses }) => Object.entries(storageClasses)), ...own]);
}

function objectItems(object: KubernetesObject, classes: ReadonlyMap<string, string>): BilledItem[] {
  const { kind, metadata } = object;
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  if (kind === "PersistentVolumeClaim") return [{ name, ...claim(object, classes) }];
  if (kind === "Service" && at(object, "spec.type") === "LoadBalancer") return [{ name, ...loadBalancer("service") }];
  if (kind === "Ingress") return [{ name: groupOf(object) ?? name, ...loadBalancer("ingress") }];
  if (kind !== "StatefulSet" || podSpecOf(object) === undefined) return [];
  const count = Number(at(object, "spec.replicas") ?? 1);
  return listAt(object, "spec.volumeClaimTemplates").map((template) => {
    const { properties, ...item } = claim(template, classes);
    const volumeName = `${name}/${textAt(template, "metadata.name") ?? ""}`;
    return { ...item, name: volumeName, properties: { ...properties, count } };
  });
}

/** The load balancer that an Ingress shares with others; undefined: it has its own. */
function groupOf({ metadata: { annotations } }: KubernetesObject): string | undefined {
  const groups = billings.map(({ ingressGroup = "" }) =>
    isObject(annotations) ? annotations[ingressGroup] : undefined,
  );
  const group = groups.find((name) => typeof name === "string");
  return group === undefined ? undefined : `group ${group}`;
}

function claim(object: unknown, classes: ReadonlyMap<string, string>): Omit<BilledItem, "name"> {
  const bytes = parseQuantity(at(object, "spec.resources.requests.storage"));
  const className = textAt(object, "spec.storageClassName") ?? "default";
  return volume(classes.get(className) ?? className, bytes === undefined ? "?" : bytes / 2 ** 30);
}
