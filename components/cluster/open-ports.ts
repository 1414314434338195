/** Ports on which clients speak TLS. */
export const tlsPorts: readonly number[] = [443, 6443, 8443];

/** Whether a range is every address, of IPv4 or IPv6. */
export function isEveryone(range: unknown): boolean {
  return typeof range === "string" && range.endsWith("/0");
}

/** What is wrong with a firewall's rule that opens ports to ranges. */
export function openPortProblems(port: unknown, ranges: readonly unknown[], toPort: unknown = port): string[] {
  const isTls = tlsPorts.includes(Number(port)) && Number(port) === Number(toPort);
  return ranges.some(isEveryone) && !isTls ? [`lets everyone reach port ${String(port)}`] : [];
}
