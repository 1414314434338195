import type { Egress } from "../../config/site/network.ts";

/** Families of addresses that a cluster has. */
export type IpFamily = "IPv4" | "IPv6";

/** Every address of a family, in CIDR notation. */
const everyAddress: Record<IpFamily, string> = { IPv4: "0.0.0.0/0", IPv6: "::/0" };

/** What pods connect to: a range, every pod of a namespace, or nodes, which no range stands for in every network plugin. */
export type Peer = { cidr: string } | { namespace: string } | "nodes";

/** Peers, and their TCP ports. */
export interface Destination {
  to: Peer;
  ports: number[];
}

/** Every address on some ports: a destination for each family. */
export function anywhere(ports: number[], families: readonly IpFamily[]): Destination[] {
  return families.map((family) => ({ to: { cidr: everyAddress[family] }, ports }));
}

/** The destinations of a list of the configuration; a range alone means its port 443. */
export function destinationsOf(egress: readonly Egress[], families: readonly IpFamily[]): Destination[] {
  return egress.flatMap((entry) => destinationsOfEntry(entry, families));
}

function destinationsOfEntry(entry: Egress, families: readonly IpFamily[]): Destination[] {
  if (typeof entry === "string") return [{ to: { cidr: entry }, ports: [443] }];
  const { cidr, namespace, ports } = entry;
  if (cidr !== undefined) return [{ to: { cidr }, ports }];
  // A NetworkPolicy cannot name a host.
  return namespace === undefined ? anywhere(ports, families) : [{ to: { namespace }, ports }];
}

const usualPorts: Record<string, number> = { "http:": 80, "https:": 443, "ssh:": 22 };

/** Port of a URL: its own, otherwise its protocol's. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? (usualPorts[protocol] ?? 443) : Number(port);
}

/** Port of a repository; `git@host:path` is SSH and names none. */
export function gitPort(repository: string): number {
  return portOf(new URL(/^[a-z]+:\/\//.test(repository) ? repository : "ssh://git"));
}
