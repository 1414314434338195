import ipaddr from "ipaddr.js";
import { z } from "zod";

/** An IPv4 or IPv6 range in CIDR notation, e.g. `203.0.113.0/24`, by its first address. */
export const cidr = z
  .union([z.cidrv4(), z.cidrv6()], { error: "a CIDR such as 203.0.113.0/24" })
  .refine(isCanonical, { error: corrected });

/** An IPv4 range in CIDR notation, e.g. `203.0.113.0/24`, by its first address. */
export const cidr4 = z
  .cidrv4("an IPv4 CIDR such as 203.0.113.0/24")
  .pipe(z.string().refine(isCanonical, { error: corrected }));

/** Whether a text is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return ipaddr.isValid(text);
}

/** Whether a text is an IPv4 or IPv6 range in CIDR notation. */
export function isRange(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

/** The range of one address, e.g. `203.0.113.7/32`. */
export function rangeOf(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}

/** The length of a range's prefix in bits, e.g. 24 of `203.0.113.0/24`. */
export function prefixOf(range: string): number {
  return ipaddr.parseCIDR(range)[1];
}

/** Prefix, in bits, of the widest range that may still be one owner's. */
export const widestPrefix = 8;

/** Whether a range is everyone, or so many that two of them could be. */
export function isPublic(range: string): boolean {
  return prefixOf(range) < widestPrefix;
}

/** Whether two ranges share an address. */
export function overlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

/** Whether a range has every address of another. */
export function covers(range: string, other: string): boolean {
  const [first, prefix] = ipaddr.parseCIDR(other);
  const whole = ipaddr.parseCIDR(range);
  return whole[1] <= prefix && first.kind() === whole[0].kind() && first.match(whole);
}

/** A range by its first address, e.g. `203.0.113.0/24` of `203.0.113.7/24`. */
function networkOf(range: string): string {
  return `${firstOf(range).toString()}/${prefixOf(range)}`;
}

function isCanonical(range: string): boolean {
  const [address] = ipaddr.parseCIDR(range);
  return address.toString() === firstOf(range).toString();
}

function firstOf(range: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const [address] = ipaddr.parseCIDR(range);
  return address.kind() === "ipv4"
    ? ipaddr.IPv4.networkAddressFromCIDR(range)
    : ipaddr.IPv6.networkAddressFromCIDR(range);
}

function corrected({ input }: { input?: unknown }): string {
  return `${networkOf(String(input))}, the first address of the range`;
}
