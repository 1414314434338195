import { at, isObject, listAt, textAt } from "../json.ts";
import { parseQuantity } from "../quantity.ts";

/** What a cluster asks of the requests of each pod; it changes those of a pod that asks for less. */
export interface PodRequests {
  /** Fewest thousandths of a core of a pod. */
  millicores: number;
  /** Fewest MiB of a pod. */
  mebibytes: number;
  /** Fewest and most GiB for each core. */
  gibPerCore: readonly [least: number, most: number];
  /** MiB that a pod may write to its node's disk where it requests none, and the most that it may request. */
  disk: readonly [free: number, most: number];
}

/** CPU in thousandths of a core, and memory in MiB. */
interface Amounts {
  millicores: number;
  mebibytes: number;
}

const none: Amounts = { millicores: 0, mebibytes: 0 };
const mebi = 2 ** 20;
/** MiB of a container's own files and logs, beside the folders of its pod. */
const ownDisk = 512;

/**
 * A pod's spec in which the main container, the first, requests what the pod lacks; nothing is requested less.
 *
 * Folders on a node's disk count as what the pod writes. Init containers run before the others, and stay as they are.
 */
export function requestingSpec(spec: Record<string, unknown>, rule: PodRequests): Record<string, unknown> {
  const [main, ...others] = listAt(spec, "containers");
  if (!isObject(main)) return spec;
  const sidecars = listAt(spec, "initContainers").filter((one) => at(one, "restartPolicy") === "Always");
  const beside = [...others, ...sidecars].map((one) => requestsOf(at(one, "resources"))).reduce(added, none);
  const resources = requesting(isObject(main.resources) ? main.resources : {}, rule, beside);
  const disk = diskOf(listAt(spec, "volumes"), rule);
  return {
    ...spec,
    containers: [{ ...main, resources: disk === undefined ? resources : withDisk(resources, disk) }, ...others],
  };
}

/**
 * The resources of a pod's main container, with higher requests where the pod must have some, and limits not below them.
 *
 * @param beside what the pod's other containers request. @default - there are none
 */
export function requesting(
  resources: Record<string, unknown>,
  { millicores, mebibytes, gibPerCore: [least, most] }: PodRequests,
  beside: Amounts = none,
): Record<string, unknown> {
  const pod = added(requestsOf(resources), beside);
  // In hundredths of a core.
  const byMemory = Math.ceil((pod.mebibytes * 100) / (1024 * most)) * 10;
  const cpu = Math.max(pod.millicores, millicores, byMemory);
  const memory = Math.max(pod.mebibytes, mebibytes, Math.ceil((cpu * 1024 * least) / 1000));
  const raised = {
    ...(cpu > pod.millicores ? { cpu: `${cpu - beside.millicores}m` } : {}),
    ...(memory > pod.mebibytes ? { memory: `${Math.ceil(memory - beside.mebibytes)}Mi` } : {}),
  };
  const limits = fieldsOf(resources, "limits");
  const tooLow = Object.entries(raised).filter(([name, request]) => {
    const limit = parseQuantity(limits[name]);
    return limit !== undefined && limit < (parseQuantity(request) ?? 0);
  });
  return {
    ...resources,
    requests: { ...fieldsOf(resources, "requests"), ...raised },
    limits: { ...limits, ...Object.fromEntries(tooLow) },
  };
}

/** The cluster wants the limit of a node's disk to be its request. */
function withDisk(resources: Record<string, unknown>, mebibytes: number): Record<string, unknown> {
  const disk = { "ephemeral-storage": `${mebibytes}Mi` };
  const [requests, limits] = ["requests", "limits"].map((key) => ({ ...disk, ...fieldsOf(resources, key) }));
  return { ...resources, requests, limits };
}

/** MiB that a pod's folders take of its node's disk, where they may take more than is free. */
function diskOf(volumes: readonly unknown[], { disk: [free, most] }: PodRequests): number | undefined {
  const folders = volumes.filter((volume) => textAt(volume, "emptyDir.medium") !== "Memory");
  const sizes = folders.map((volume) => (parseQuantity(at(volume, "emptyDir.sizeLimit")) ?? 0) / mebi);
  const size = ownDisk + Math.ceil(sizes.reduce((sum, one) => sum + one, 0));
  return size > free ? Math.min(size, most) : undefined;
}

function requestsOf(resources: unknown): Amounts {
  const [cpu = 0, memory = 0] = ["cpu", "memory"].map((name) => parseQuantity(at(resources, `requests.${name}`)));
  return { millicores: Math.round(cpu * 1000), mebibytes: memory / mebi };
}

function added(a: Amounts, b: Amounts): Amounts {
  return { millicores: a.millicores + b.millicores, mebibytes: a.mebibytes + b.mebibytes };
}

function fieldsOf(resources: Record<string, unknown>, key: string): Record<string, unknown> {
  const fields = resources[key];
  return isObject(fields) ? fields : {};
}
