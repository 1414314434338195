import { z } from "zod";
import { egress } from "../site/network.ts";

const endpoint = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^/?#@\s]+$/.test(text) && URL.canParse(text),
    "scheme, host and port without a path, such as https://s3.example.org or https://s3.example.org:8443",
  );

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucket = z
  .string()
  .refine(
    (name) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") && !/^[\d.]+$/.test(name),
    "the bucket's name alone, 3 to 63 characters of a-z, 0-9, - and .; folders in it go to s3.prefix",
  );

/** An S3 that the site has, which the platform uses in place of MinIO. */
export const s3Schema = z.strictObject({
  endpoint: endpoint.describe("URL of the S3 API. Buckets are addressed by path, not by host name."),
  bucket: bucket.describe("A bucket that exists. The platform does not create it."),
  prefix: z
    .string()
    .regex(/^([\w.-]+(\/[\w.-]+)*)?$/, "a path without slashes at its ends, such as teams/ml")
    .default("")
    .describe("Folder of the bucket for the platform's data. Two platforms on one bucket need different prefixes."),
  region: z
    .string()
    .regex(/^[\w-]+$/, "a region's name, such as eu-central-1")
    .default("us-east-1")
    .describe("Region that requests are signed for. Cloudflare R2: auto."),
  egress: egress
    .min(1, "at least one: pods have to reach the S3")
    .optional()
    .describe(
      "Addresses of the S3, for the NetworkPolicies. @default - the Service's namespace or every address, on the endpoint's port",
    ),
  allowPlaintext: z
    .boolean()
    .default(false)
    .describe("Allow an http:// endpoint outside the cluster: the network can then read backups, logs and artifacts."),
});

export type S3Config = z.output<typeof s3Schema>;

const key = z.string().min(1);

/** Keys of the S3: one pair for all clients, pairs of single clients, or both. */
export const s3SecretsSchema = z.strictObject({
  accessKey: key.optional().describe("Access key of every client without its own."),
  secretKey: key.optional(),
  clients: z
    .record(z.string(), z.strictObject({ accessKey: key, secretKey: key }))
    .default({})
    .describe("Keys of single clients by name: airflow, backup, mlflow or a project."),
});

export type S3Secrets = z.output<typeof s3SecretsSchema>;

/** The namespace of an endpoint that is a Service of the cluster; undefined: it is not. */
export function serviceNamespace({ endpoint }: Pick<S3Config, "endpoint">): string | undefined {
  return /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(new URL(endpoint).hostname)?.[1];
}
