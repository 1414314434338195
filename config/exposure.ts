import { z } from "zod";
import { mapWebUis } from "../components/parts.ts";
import { cidr } from "../lib/cidr.ts";

const hostname = z.string().regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/, "a DNS name such as ml.example.org");

const nodePort = (port: number) => z.number().int().min(30000).max(32767).default(port);

export const exposureSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("portForward") }),
  z.strictObject({
    kind: z.literal("nodePort"),
    ports: z.strictObject(mapWebUis((_, ui) => nodePort(ui.nodePort))).prefault({}),
  }),
  z.strictObject({
    kind: z.literal("loadBalancer"),
    sourceRanges: z.array(cidr).min(1, "at least one CIDR").describe("Who may connect."),
    allowPublicPlaintext: z
      .boolean()
      .default(false)
      .describe("Allow 0.0.0.0/0 although the load balancer uses plain HTTP."),
    annotations: z.record(z.string(), z.string()).default({}).describe("Annotations of each Service."),
  }),
  z.strictObject({
    kind: z.literal("ingress"),
    domain: hostname.describe("Parent domain of each UI's host: airflow.<domain>, mlflow.<domain>, …"),
    className: z.string().min(1).optional().describe("@default - the cluster's default class"),
    tlsSecretName: z
      .string()
      .min(1)
      .optional()
      .describe("Secret with the certificate. @default - the cluster kind's managed certificate"),
    certificateArn: z.string().min(1).optional().describe("ACM certificate of the load balancer (EKS)."),
    annotations: z.record(z.string(), z.string()).default({}).describe("Annotations of each Ingress."),
  }),
]);
