import { z } from "zod";
import { cidr } from "../../lib/cidr.ts";
import { hostPattern, meantBy } from "./meant-entry.ts";

const portList = "a list of TCP ports such as [5432]";
const ports = z.array(z.number().int().min(1).max(65535), portList).min(1, portList);

const examples =
  "{cidr: 203.0.113.0/24, ports: [5439]}, {namespace: warehouse, ports: [8123]} or {host: db.example.org, ports: [5432]}";

/** What pods connect to outside the platform: a range, a namespace of the cluster, or a host, on TCP ports. */
const peer = z
  .strictObject({
    cidr: cidr.optional().describe("Range of addresses."),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace's name")
      .optional()
      .describe("All pods of a namespace of the cluster. The ports are the pods', not their Service's."),
    host: z
      .string()
      .regex(hostPattern, "a DNS name such as db.example.org, without scheme, port or *")
      .optional()
      .describe("A DNS name. NetworkPolicies know only addresses, so this opens the ports to every address."),
    ports,
  })
  .refine(({ cidr, namespace, host }) => [cidr, namespace, host].filter((one) => one !== undefined).length === 1, {
    error: `exactly one of cidr, namespace and host: ${examples}`,
  });

const allowed = `a CIDR, which opens port 443, or ${examples}`;

/** A range alone, which means its port 443. */
const range = z
  .string()
  .superRefine((text, context) => {
    const [refused] = cidr.safeParse(text).error?.issues ?? [];
    if (refused === undefined) return;
    const { message = refused.code === "custom" ? refused.message : allowed, shape } = meantBy(text);
    context.addIssue({ code: "custom", message, params: { shape } });
  })
  .meta({ format: "cidr" });

/** A list of {@link peer}s and ranges. */
export const egress = z.array(z.union([range, peer], { error: allowed }));

export type Egress = z.output<typeof egress>[number];

export const networkSchema = z.strictObject({
  ipFamilies: z
    .array(z.enum(["IPv4", "IPv6"]))
    .min(1, "IPv4, IPv6 or both")
    .default(["IPv4"])
    .describe("Families of the addresses that the cluster's pods connect to. IPv4 and IPv6 on a dual-stack cluster."),
  dns: egress
    .min(1, "at least one: pods that cannot resolve names reach nothing")
    .default([{ namespace: "kube-system", ports: [53] }])
    .describe("The cluster's DNS servers, by UDP and TCP. OpenShift and NodeLocal DNSCache differ; see docs/site.md."),
  kubernetesApi: egress
    .min(1, "at least one: Airflow starts its tasks by the API server")
    .optional()
    .describe("Addresses of the API server as pods see them. @default - every address on ports 443, 6443 and 8443"),
});
