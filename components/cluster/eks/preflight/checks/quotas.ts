import { ask as askFor, ofStack } from "../../../../../config/fixes.ts";
import type { NodeGroup } from "../../../billed.ts";
import { listAt, numberAt, textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { quotaRow } from "../../../../preflight/quota.ts";
import { type Check, failed, notChecked, type Row, unknown } from "../../../../preflight/row.ts";
import { type Aws, bodyOf, failedWith, problemOf } from "../aws.ts";
import type { EksContext } from "../context.ts";

/** A quota of a region, by its codes. */
interface Quota {
  what: string;
  service: string;
  code: string;
}

/** Running on-demand machines of the families A, C, D, H, I, M, R, T and Z, in vCPUs. */
const standard = { what: "vCPUs of standard instances", service: "ec2", code: "L-1216C47A" };
const addresses = { what: "Elastic IPs", service: "ec2", code: "L-0263D0A3" };
const networks = { what: "VPCs", service: "vpc", code: "L-F678F1CE" };

const isStandard = (machineType: string): boolean => /^[acdhimrtz]\d/.test(machineType);

/**
 * @param run of `service-quotas get-service-quota`
 * @param usage of it, or why that is not known
 */
function awsQuotaRow(
  quota: Quota,
  need: { first: number; most?: number },
  run: Run | undefined,
  usage: number | string,
): Row {
  const limit = numberAt(bodyOf(run), "Quota.Value");
  const what = { what: quota.what, ...need };
  if (limit === undefined) return unknown(`quota of ${quota.what}`, problemOf(run));
  if (typeof usage === "string") return unknown(`quota of ${quota.what}`, usage);
  const wanted = Math.ceil(usage + need.first);
  const fix = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${wanted}`;
  return quotaRow(what, { limit, usage }, fix);
}

/** vCPUs of the standard machines that run. @param run of `ec2 describe-instances`, as rows of type, lifecycle, cores and threads */
function cpusInUse(run: Run | undefined): number | string {
  const body = bodyOf(run);
  if (body === undefined) return problemOf(run);
  return listAt({ rows: body }, "rows")
    .filter((row) => isStandard(textAt(row, "0") ?? "") && textAt(row, "1") === undefined)
    .reduce<number>((sum, row) => sum + (numberAt(row, "2") ?? 0) * (numberAt(row, "3") ?? 0), 0);
}

/** The number of things that a call lists, or why it does not. */
function countIn(run: Run | undefined, list: string): number | string {
  const body = bodyOf(run);
  return body === undefined ? problemOf(run) : listAt(body, list).length;
}

/** @param run of `ec2 describe-instance-types` */
function machineRow(run: Run | undefined, machineType: string, region: string, stack: string): Row | number {
  const cpus = numberAt(bodyOf(run), "InstanceTypes.0.VCpuInfo.DefaultVCpus");
  if (cpus !== undefined) return cpus;
  if (!failedWith(run, "InvalidInstanceType")) return unknown("machine type", problemOf(run));
  const fix = ofStack(askFor("cluster.nodes.machineType"), stack);
  return failed("machine type", `${region} has no ${machineType}`, fix);
}

/** Nodes of the pools that the first deployment starts. */
function firstNodes(groups: readonly NodeGroup[], machineType: string): number {
  const own = groups.filter((group) => group.machineType === machineType && !group.isSpot);
  return own.reduce((sum, { minCount = 0 }) => sum + minCount, 0);
}

/** The account's own value, or where it has none AWS's default. */
async function quotaOf(aws: Aws, { service, code }: Quota): Promise<Run | undefined> {
  const codes = ["--service-code", service, "--quota-code", code];
  const own = await aws("service-quotas", "get-service-quota", ...codes);
  return failedWith(own, "NoSuchResourceException")
    ? aws("service-quotas", "get-aws-default-service-quota", ...codes)
    : own;
}

const running = ["--filters", "Name=instance-state-name,Values=pending,running"];
const sizes =
  "Reservations[].Instances[].[InstanceType,InstanceLifecycle,CpuOptions.CoreCount,CpuOptions.ThreadsPerCore]";

export const quotas: Check<EksContext> = {
  id: "quotas",
  look: async ({ aws, plan: { stack, cluster, nodeGroups, resources } }) => {
    if (nodeGroups.length === 0) return [notChecked("quotas", "the stack makes no nodes")];
    const { machineType, maxCount } = cluster.nodes;
    const [machine, instances, taken, vpcs, ...limits] = await Promise.all([
      aws("ec2", "describe-instance-types", "--instance-types", machineType),
      aws("ec2", "describe-instances", ...running, "--query", sizes),
      aws("ec2", "describe-addresses"),
      aws("ec2", "describe-vpcs"),
      ...[standard, addresses, networks].map((quota) => quotaOf(aws, quota)),
    ]);
    const first = firstNodes(nodeGroups, machineType);
    const gateways = resources.filter(({ type }) => type === "aws:ec2/eip:Eip").length;
    const cpus = machineRow(machine, machineType, cluster.region, stack);
    return [
      ...cpuRows(cpus, { machineType, first, most: maxCount }, limits[0], cpusInUse(instances)),
      awsQuotaRow(addresses, { first: gateways }, limits[1], countIn(taken, "Addresses")),
      awsQuotaRow(networks, { first: 1 }, limits[2], countIn(vpcs, "Vpcs")),
    ];
  },
};

interface Nodes {
  machineType: string;
  first: number;
  most: number;
}

function cpuRows(
  cpus: Row | number,
  { machineType, first, most }: Nodes,
  limit: Run | undefined,
  usage: number | string,
): Row[] {
  if (typeof cpus === "object") return [cpus];
  if (!isStandard(machineType)) return [unknown("quota of vCPUs", `${machineType} has a quota of its own family`)];
  return [awsQuotaRow(standard, { first: first * cpus, most: most * cpus }, limit, usage)];
}
