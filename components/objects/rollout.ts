import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";

/**
 * Annotations of a pod template that restart its pods when what they read at start changes.
 *
 * Kubernetes renews mounted files in place and environment variables never, so that without these a server keeps the old
 * values until something else restarts it.
 *
 * @param generation of the secrets: a number, since a hash of a secret would tell something of it
 * @param config text of the ConfigMaps that the pods mount. @default - they mount none
 */
export function rolloutAnnotations(
  generation: number,
  config?: pulumi.Input<string>,
): Record<string, pulumi.Input<string>> {
  return {
    "mlops/secrets-generation": String(generation),
    ...(config === undefined ? {} : { "mlops/config-hash": pulumi.output(config).apply(sha256) }),
  };
}

/** A hash in hexadecimal digits; of a secret it would tell something. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Annotation of an object that Pulumi does not wait for: a Service, since its workload tells when it is ready, or a claim, since
 * the pods that mount it wait for it, and some are bound for a pod alone.
 *
 * Pulumi waits ten seconds and more for the pods behind a Service, and each wait takes one of the few places for
 * resources that it makes at a time: by default four for each CPU.
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" };

/** Annotation of a Job: a failed Job stays failed, and the next update recreates it. */
export const replaceFailedJob = { "pulumi.com/replaceUnready": "true" };
