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

/** The destinations of one entry of the configuration; a range alone means its port 443. */
export function destinationsOf(entry: Egress, families: readonly IpFamily[]): Destination[] {
  if (typeof entry === "string") return [{ to: { cidr: entry }, ports: [443] }];
  const { cidr, namespace, ports } = entry;
  if (cidr !== undefined) return [{ to: { cidr }, ports }];
  // A NetworkPolicy cannot name a host.
  return namespace === undefined ? anywhere(ports, families) : [{ to: { namespace }, ports }];
}

/** Ports of a repository's URL: that of the URL, otherwise its protocol's. */
export function gitPort(repository: string): number {
  const isHttps = repository.startsWith("https://");
  // git@host:path has no port.
  const url = /^[a-z]+:\/\//.test(repository) ? new URL(repository) : undefined;
  return url === undefined || url.port === "" ? (isHttps ? 443 : 22) : Number(url.port);
}
