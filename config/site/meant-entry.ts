import { isAddress, isRange, rangeOf } from "../../lib/cidr.ts";

export const hostPattern = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/;

const portOf: Record<string, number> = { http: 80, https: 443, ssh: 22, smtp: 25, postgres: 5432, postgresql: 5432 };

/** What was meant by an entry of egress that is not a range: an address with a port, a host or a URL. */
export function meantBy(text: string): { message?: string; shape?: string } {
  const [, scheme = "", rest = ""] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/]*(?:\/\d+)?)/i.exec(text.trim()) ?? [];
  const [, name = "", written] = /^(.*?)(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const port = written ?? portOf[scheme.toLowerCase()];
  if (isAddress(name) || isRange(name)) {
    if (port === undefined) return {};
    const shape = `{cidr: ${isAddress(name) ? rangeOf(name) : name}, ports: [${port}]}`;
    return { message: `a CIDR, which opens port 443; for another port, ${shape}`, shape };
  }
  if (!hostPattern.test(name)) return {};
  if (port === undefined) {
    const example = `{host: ${name}, ports: [5432]}`;
    return { message: `a host with its ports, such as ${example}`, shape: `${example}, with the ports of that host` };
  }
  const shape = `{host: ${name}, ports: [${port}]}`;
  return { message: `a CIDR, or for a host ${shape}`, shape };
}
