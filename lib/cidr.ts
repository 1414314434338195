import { BlockList, isIPv6 } from "node:net";
import { z } from "zod";

/** An IPv4 or IPv6 range in CIDR notation, e.g. `203.0.113.0/24`, by its first address. */
export const cidr = z
  .union([z.cidrv4(), z.cidrv6()], { error: "a CIDR such as 203.0.113.0/24" })
  .refine(isCanonical, { error: corrected });

/** An IPv4 range in CIDR notation, e.g. `203.0.113.0/24`, by its first address. */
export const cidr4 = z
  .cidrv4({ error: "a CIDR of IPv4 such as 203.0.113.0/24", abort: true })
  .refine(isCanonical, { error: corrected });

/** The length of a range's prefix in bits, e.g. 24 of `203.0.113.0/24`. */
export function prefixOf(range: string): number {
  return Number(range.split("/")[1]);
}

/** Whether two ranges share an address; ranges that are none share nothing. */
export function overlap(one: unknown, other: unknown): boolean {
  return isRange(one) && isRange(other) && (contains(one, other) || contains(other, one));
}

/** Whether a range has every address of another. */
export function covers(range: string, other: string): boolean {
  return prefixOf(range) <= prefixOf(other) && contains(range, other);
}

/** A range by its first address, e.g. `203.0.113.0/24` of `203.0.113.7/24`. */
export function networkOf(range: string): string {
  const [address = "", prefix] = range.split("/");
  const first = masked(address, Number(prefix));
  return `${isIPv6(address) ? compressed(first.map((part) => part.toString(16)).join(":")) : first.join(".")}/${prefix}`;
}

/** Whether a text is a range, by its first address or by another. */
function isRange(value: unknown): value is string {
  return z.union([z.cidrv4(), z.cidrv6()]).safeParse(value).success;
}

function isCanonical(range: string): boolean {
  const [address = "", prefix] = range.split("/");
  return partsOf(address).join() === masked(address, Number(prefix)).join();
}

function corrected({ input }: { input?: unknown }): string {
  return `${networkOf(String(input))}, the first address of the range`;
}

/** The parts of an address without the bits that are behind a prefix. */
function masked(address: string, prefix: number): number[] {
  const width = isIPv6(address) ? 16 : 8;
  return partsOf(address).map((part, i) => {
    const kept = Math.min(Math.max(prefix - i * width, 0), width);
    return (part >> (width - kept)) << (width - kept);
  });
}

/** Four bytes of an IPv4 address, eight groups of an IPv6 one. */
function partsOf(address: string): number[] {
  if (!isIPv6(address)) return address.split(".").map(Number);
  const [head = [], tail = []] = compressed(address)
    .split("::")
    .map((groups) => groups.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16));
}

/** An IPv6 address as RFC 5952 writes it, which is how an URL does. */
function compressed(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
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
