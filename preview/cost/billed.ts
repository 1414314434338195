import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import { nodeGroupsOf } from "./nodes.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import type { Registration } from "../../lib/recording.ts";
import type { Rendering } from "../render.ts";

/** Something whose price hangs on how much of it there is. */
export interface BilledItem {
  kind: BilledKind;
  /** `namespace/name` of an object, else the resource's name. */
  name: string;
  /** What the price hangs on, by the words of a table; sizes are in GiB. */
  properties: Record<string, string | number>;
}

export type BilledKind =
  "control plane" | "nodes" | "volume" | "database" | "load balancer" | "NAT gateway" | "address" | "key";

/** How each type of a cloud is billed; node groups are read by `nodeGroupsOf`. */
const readers: Record<string, (inputs: Record<string, unknown>) => Omit<BilledItem, "name">> = {
  "aws:ebs/volume:Volume": (inputs) => volume(textAt(inputs, "type") ?? "gp2", inputs.size),
  "aws:ec2/eip:Eip": () => plain("address"),
  "aws:ec2/natGateway:NatGateway": () => plain("NAT gateway"),
  "aws:eks/cluster:Cluster": () => plain("control plane"),
  "aws:kms/key:Key": () => plain("key"),
  "aws:lb/loadBalancer:LoadBalancer": (inputs) => loadBalancer(textAt(inputs, "loadBalancerType") ?? "application"),
  "aws:rds/instance:Instance": (inputs) =>
    database(textAt(inputs, "instanceClass"), inputs.allocatedStorage, inputs.storageType, inputs.multiAz === true),
  "gcp:compute/address:Address": () => plain("address"),
  "gcp:compute/disk:Disk": (inputs) => volume(textAt(inputs, "type") ?? "pd-standard", inputs.size),
  "gcp:compute/forwardingRule:ForwardingRule": () => loadBalancer("forwarding rule"),
  "gcp:compute/globalAddress:GlobalAddress": () => plain("address"),
  "gcp:compute/routerNat:RouterNat": () => plain("NAT gateway"),
  "gcp:container/cluster:Cluster": () => plain("control plane"),
  "gcp:kms/cryptoKey:CryptoKey": () => plain("key"),
  "gcp:sql/databaseInstance:DatabaseInstance": (inputs) =>
    database(
      textAt(inputs, "settings.tier"),
      at(inputs, "settings.diskSize"),
      at(inputs, "settings.diskType"),
      at(inputs, "settings.availabilityType") === "REGIONAL",
    ),
};

/** An internal range for private services is not billed as an address. */
function isFree({ type, inputs }: Registration): boolean {
  return type === "gcp:compute/globalAddress:GlobalAddress" && inputs.purpose === "VPC_PEERING";
}

/** Everything among a stack's resources and its charts' objects that costs by its size or its number. */
export function billedItemsOf({ resources, objects, charts }: Rendering): BilledItem[] {
  const rendered = [
    ...objects.map(({ object }) => object),
    ...charts.flatMap(({ rendered }) => rendered.objects ?? []),
  ];
  const classes = storageTypes(rendered);
  const cloud = resources.flatMap((resource) => {
    const read = readers[resource.type];
    return read === undefined || isFree(resource) ? [] : [{ name: resource.name, ...read(resource.inputs) }];
  });
  const nodes = nodeGroupsOf(resources).map(({ name, machineType, minCount, maxCount, ...group }) => ({
    kind: "nodes" as const,
    name,
    properties: {
      machine: `${machineType}${group.isSpot ? " spot" : ""}`,
      "fewest nodes": minCount ?? "?",
      "most nodes": maxCount ?? "?",
      ...(group.diskSizeGiB === undefined ? {} : { "disk GiB": group.diskSizeGiB }),
      ...(group.diskType === undefined ? {} : { disk: group.diskType }),
    },
  }));
  const all = [...cloud, ...nodes, ...rendered.flatMap((object) => objectItems(object, classes))];
  // Ingresses of one group share a load balancer.
  return [...new Map(all.map((item) => [idOf(item), item])).values()].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** What names an item within its stack. */
export function idOf({ kind, name }: BilledItem): string {
  return `${kind} ${name}`;
}

/**
 * Classes that GKE brings along.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver
 */
const builtInClasses: [string, string][] = [
  ["premium-rwo", "pd-ssd"],
  ["standard", "pd-standard"],
  ["standard-rwo", "pd-balanced"],
];

/** The type of disk that each storage class makes. */
function storageTypes(objects: readonly KubernetesObject[]): Map<string, string> {
  const own = objects
    .filter(({ kind }) => kind === "StorageClass")
    .map(({ metadata, ...object }): [string, string] => [
      metadata.name,
      textAt(object, "parameters.type") ?? metadata.name,
    ]);
  return new Map([...builtInClasses, ...own]);
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

function groupOf({ metadata: { annotations } }: KubernetesObject): string | undefined {
  const group = isObject(annotations) ? annotations["alb.ingress.kubernetes.io/group.name"] : undefined;
  return typeof group === "string" ? `group ${group}` : undefined;
}

function claim(object: unknown, classes: ReadonlyMap<string, string>): Omit<BilledItem, "name"> {
  const bytes = parseQuantity(at(object, "spec.resources.requests.storage"));
  const className = textAt(object, "spec.storageClassName") ?? "default";
  return volume(classes.get(className) ?? className, bytes === undefined ? "?" : bytes / 2 ** 30);
}

function volume(type: string, gibibytes: unknown): Omit<BilledItem, "name"> {
  return { kind: "volume", properties: { type, GiB: shown(gibibytes) } };
}

function database(machine: unknown, gibibytes: unknown, disk: unknown, standby: boolean): Omit<BilledItem, "name"> {
  const properties = { machine: shown(machine), GiB: shown(gibibytes), disk: shown(disk) };
  return { kind: "database", properties: { ...properties, standby: standby ? "yes" : "no" } };
}

function loadBalancer(type: string): Omit<BilledItem, "name"> {
  return { kind: "load balancer", properties: { type } };
}

function plain(kind: BilledKind): Omit<BilledItem, "name"> {
  return { kind, properties: {} };
}

function shown(value: unknown): string | number {
  return typeof value === "number" || typeof value === "string" ? value : "?";
}
