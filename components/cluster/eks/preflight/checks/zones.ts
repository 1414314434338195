import { all, ask, ofStack, set } from "../../../../../config/fixes.ts";
import { listAt, textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { type Check, failed, notChecked, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { bodyOf, problemOf } from "../aws.ts";
import type { EksContext } from "../context.ts";

const check = "zones";

/** Zones in which EKS runs no control plane. Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const unsupported = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * @param run of `aws ec2 describe-availability-zones`
 * @param wanted zones of the stack's subnets
 */
export function zonesRow(run: Run | undefined, wanted: readonly string[], stack: string): Row {
  const body = bodyOf(run);
  if (body === undefined) return unknown(check, problemOf(run));
  const zones = listAt(body, "AvailabilityZones");
  const idOf = (name: string) =>
    textAt(
      zones.find((zone) => textAt(zone, "ZoneName") === name),
      "ZoneId",
    );
  const usable = zones
    .filter((zone) => !unsupported.includes(textAt(zone, "ZoneId") ?? ""))
    .flatMap((zone) => textAt(zone, "ZoneName") ?? []);
  const bad = wanted.filter((name) => !usable.includes(name));
  if (bad.length === 0) return ok(check, wanted.join(", "));
  const reasons = bad.map((name) =>
    idOf(name) === undefined ? `${name} is not there` : `EKS does not support ${name}`,
  );
  const found = `${reasons.join(", ")}; usable: ${usable.join(", ")}`;
  const three = [...new Set([...wanted.filter((name) => usable.includes(name)), ...usable])];
  if (three.length < 3) return failed(check, found, ofStack(ask("cluster.region"), stack));
  const commands = three.slice(0, 3).map((zone, i) => set(`cluster.zones[${i}]`, zone));
  return failed(check, found, ofStack(all(commands), stack));
}

export const zones: Check<EksContext> = {
  id: check,
  look: async ({ aws, plan: { stack, resources } }) => {
    const subnets = resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    const wanted = [...new Set(subnets.flatMap(({ inputs }) => textAt(inputs, "availabilityZone") ?? []))];
    if (wanted.length === 0) return [notChecked(check, "the stack makes no subnets")];
    const run = await aws("ec2", "describe-availability-zones", "--filters", "Name=zone-type,Values=availability-zone");
    return [zonesRow(run, wanted, stack)];
  },
};
