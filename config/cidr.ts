import { BlockList, isIPv6 } from "node:net";
import { z } from "zod";

/** An IPv4 or IPv6 range in CIDR notation, e.g. `203.0.113.0/24`. */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "a CIDR such as 203.0.113.0/24" });

/** Whether two ranges share an address; ranges that are none share nothing. */
export function overlap(one: unknown, other: unknown): boolean {
  const [a, b] = [cidr.safeParse(one), cidr.safeParse(other)];
  return a.success && b.success && (contains(a.data, b.data) || contains(b.data, a.data));
}

/** Whether a range has the first address of another. */
function contains(range: string, other: string): boolean {
  const [address = "", prefix] = range.split("/");
  const [first = ""] = other.split("/");
  const family = (ip: string) => (isIPv6(ip) ? "ipv6" : "ipv4");
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family(address));
  return list.check(first, family(first));
}
