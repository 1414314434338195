import { listAt, numberAt, textAt } from "../../../../../lib/json.ts";
import { ask as askFor, ofStack } from "../../../../../config/fixes.ts";
import type { NodeGroup } from "../../../billed.ts";
import { type Limit, type Need, quotaRow } from "../../../../preflight/quota.ts";
import { type Check, failed, notChecked, type Row, unknown } from "../../../../preflight/row.ts";
import type { GkeContext } from "../context.ts";
import { isDisabled, isOk, problemOf, type Reply } from "../google.ts";

/**
 * The quota of a machine type's CPUs; a series that is not listed here has one that Compute Engine's regions do not list.
 * Source: https://cloud.google.com/compute/resource-usage#cpu_quota
 */
export function cpuMetric(machineType: string): string | undefined {
  const [series = ""] = machineType.split("-");
  if (["e2", "n1", "f1", "g1", "custom"].includes(series)) return "CPUS";
  return ["a2", "c2", "c2d", "c3", "m1", "m2", "m3", "n2", "n2d", "t2a", "t2d"].includes(series)
    ? `${series.toUpperCase()}_CPUS`
    : undefined;
}

/** A quota of a project or a region, as Compute Engine lists it. */
function limitIn(body: unknown, metric: string): Limit | undefined {
  const quota = listAt(body, "quotas").find((one) => textAt(one, "metric") === metric);
  const [limit, usage] = [numberAt(quota, "limit"), numberAt(quota, "usage")];
  return limit === undefined || usage === undefined ? undefined : { limit, usage };
}

export interface Demands {
  machineType: string;
  cpus: Need;
  ssdGiB: Need;
  addresses: Need;
}

/** What a stack needs of the quotas; an upgrade adds a node to a pool. */
function demandsOf(groups: readonly NodeGroup[], region: string, cpusPerNode: number, addresses: number): Demands {
  const [platform] = groups.filter(({ minCount = 0 }) => minCount > 0);
  const { machineType = "", minCount = 0, maxCount = minCount, diskSizeGiB = 0, diskType = "" } = platform ?? {};
  const most = maxCount + 1;
  const gib = diskType === "pd-standard" ? 0 : diskSizeGiB;
  return {
    machineType,
    cpus: { what: `vCPUs in ${region}`, first: minCount * cpusPerNode, most: most * cpusPerNode },
    ssdGiB: { what: `GiB of SSD in ${region}`, first: minCount * gib, most: most * gib },
    addresses: { what: `addresses in use in ${region}`, first: addresses },
  };
}

/** @param replies of `regions.get` and `projects.get` of Compute Engine */
function quotaRows(replies: { region: Reply; project: Reply }, demands: Demands, project: string): Row[] {
  const refused = [replies.region, replies.project].find((reply) => !isOk(reply));
  if (refused !== undefined) return [unknown("quotas", problemOf(refused))];
  const fix = `open https://console.cloud.google.com/iam-admin/quotas?project=${project}`;
  const { cpus, ssdGiB, addresses, machineType } = demands;
  const metric = cpuMetric(machineType);
  const everywhere = { ...cpus, what: "vCPUs in all regions" };
  return [
    quotaRow(cpus, metric === undefined ? undefined : limitIn(replies.region.body, metric), fix),
    ...rowIfListed(everywhere, limitIn(replies.project.body, "CPUS_ALL_REGIONS"), fix),
    quotaRow(ssdGiB, limitIn(replies.region.body, "SSD_TOTAL_GB"), fix),
    quotaRow(addresses, limitIn(replies.region.body, "IN_USE_ADDRESSES"), fix),
    quotaRow({ what: "networks", first: 1 }, limitIn(replies.project.body, "NETWORKS"), fix),
  ];
}

/** Older projects have no limit over all regions. */
function rowIfListed(need: Need, limit: Limit | undefined, fix: string): Row[] {
  return limit === undefined ? [] : [quotaRow(need, limit, fix)];
}

/** @param reply of `machineTypes.get` */
function machineRow(reply: Reply, machineType: string, zone: string, stack: string): Row | number {
  const cpus = numberAt(reply.body, "guestCpus");
  if (isOk(reply) && cpus !== undefined) return cpus;
  if (reply.status !== 404) return unknown("quotas", problemOf(reply));
  const fix = ofStack(askFor("cluster.nodes.machineType"), stack);
  return failed("machine type", `${zone} has no ${machineType}`, fix);
}

export const quotas: Check<GkeContext> = {
  id: "quotas",
  look: async ({ ask, number, plan: { stack, cluster, nodeGroups, resources } }) => {
    if (cluster.autopilot === true) return [notChecked("quotas", "Autopilot makes nodes when pods need them")];
    if (nodeGroups.length === 0) return [notChecked("quotas", "the stack makes no nodes")];
    const { project, region, nodes } = cluster;
    const zone = cluster.zones[0] ?? `${region}-b`;
    const compute = (path: string) => ask({ service: "compute", path: `projects/${project}${path}` });
    const [machine, ofRegion, ofProject] = await Promise.all([
      compute(`/zones/${zone}/machineTypes/${nodes.machineType}`),
      compute(`/regions/${region}`),
      compute(""),
    ]);
    if (isDisabled(machine, number)) {
      return [unknown("quotas", "Compute Engine is not enabled yet, and tells no quota; the program enables it")];
    }
    const cpus = machineRow(machine, nodes.machineType, zone, stack);
    if (typeof cpus === "object") return [cpus];
    const nats = resources.filter(({ type }) => type === "gcp:compute/routerNat:RouterNat").length;
    const replies = { region: ofRegion, project: ofProject };
    return quotaRows(replies, demandsOf(nodeGroups, region, cpus, nats), project);
  },
};
