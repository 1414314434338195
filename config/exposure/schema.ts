import { z } from "zod";
import { mapWebUis, webUiNames } from "../../components/parts.ts";
import { cidr } from "../../lib/cidr.ts";

const hostname = z.string().regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/, "a DNS name such as ml.example.org");

const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "the name of an object such as internal")
  .max(253);

const nodePort = (port: number) => z.number().int().min(30000).max(32767).default(port);

const uiName = z.enum(webUiNames);

/** A value for some of the UIs. */
const ofSomeUis = <T extends z.ZodType>(value: T) => z.partialRecord(uiName, value).default({});

const annotations = z.record(z.string(), z.string()).default({});
const annotationsOf = ofSomeUis(z.record(z.string(), z.string()));

const uis = z.array(uiName).min(1, "at least one UI; to expose none, set exposure.kind to portForward").optional();
const servicesUis = uis.describe(
  "UIs that are exposed; the others are reached by port-forward. @default - every UI of the stack",
);

/** Which UI has which host, behind an Ingress or a Gateway. */
const names = {
  domain: hostname.optional().describe("Parent domain of each UI's host: airflow.<domain>, mlflow.<domain>, …"),
  hosts: ofSomeUis(hostname).describe(
    "Host of single UIs, such as {mlflow: models.example.org}; it replaces the one below domain.",
  ),
  uis: uis.describe(
    "UIs that are exposed; the others are reached by port-forward. @default - every UI with a host of its own, and with domain all but Prometheus",
  ),
};

export const exposureSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("portForward") }),
  z.strictObject({
    kind: z.literal("nodePort"),
    ports: z.strictObject(mapWebUis((_, ui) => nodePort(ui.nodePort))).prefault({}),
    uis: servicesUis,
  }),
  z.strictObject({
    kind: z.literal("loadBalancer"),
    sourceRanges: z.array(cidr).min(1, "at least one CIDR").describe("Who may connect."),
    allowPublicPlaintext: z
      .boolean()
      .default(false)
      .describe("Allow 0.0.0.0/0 although the load balancer uses plain HTTP."),
    annotations: annotations.describe("Annotations of each Service."),
    annotationsOf: annotationsOf.describe("Annotations of single UIs' Services: {mlflow: {…}}."),
    uis: servicesUis,
  }),
  z.strictObject({
    kind: z.literal("ingress"),
    ...names,
    className: z.string().min(1).optional().describe("@default - the cluster's default class"),
    tlsSecretName: z
      .string()
      .min(1)
      .optional()
      .describe("Secret with the certificate. @default - the cluster kind's managed certificate"),
    tlsSecretNames: ofSomeUis(objectName).describe(
      "Secrets of single UIs whose certificate is another one: {mlflow: models-tls}.",
    ),
    defaultCertificate: z
      .boolean()
      .default(false)
      .describe("Serve the ingress controller's default certificate where no Secret is named."),
    certificateArn: z.string().min(1).optional().describe("ACM certificate of the load balancer (EKS)."),
    sourceRanges: z
      .array(cidr)
      .min(1, "at least one CIDR")
      .optional()
      .describe("Who may connect to the load balancer of GKE or EKS. @default - everyone"),
    annotations: annotations.describe("Annotations of each Ingress."),
    annotationsOf: annotationsOf.describe("Annotations of single UIs: {mlflow: {…}}. Each gets an Ingress of its own."),
  }),
  z.strictObject({
    kind: z.literal("gateway"),
    ...names,
    parentRef: z
      .strictObject({
        name: objectName.describe("Name of the Gateway."),
        namespace: objectName.optional().describe("Its namespace. @default - the platform's"),
        sectionName: objectName.describe(
          "Its HTTPS listener. Without it, the UIs would also answer on the listeners for plain HTTP.",
        ),
      })
      .describe("The Gateway, which the program does not create."),
    sectionNames: ofSomeUis(objectName).describe("HTTPS listeners of single UIs: {mlflow: https-models}."),
    annotations: annotations.describe("Annotations of each HTTPRoute."),
    annotationsOf: annotationsOf.describe("Annotations of single UIs' HTTPRoutes: {mlflow: {…}}."),
  }),
]);

export type ExposureConfig = z.output<typeof exposureSchema>;
