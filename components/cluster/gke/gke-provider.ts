import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

interface GkeProviderArgs {
  project: string;
  region: string;
  /** Labels of everything that can have some. */
  labels: Record<string, string>;
}

/** The one provider of a stack's resources in Google Cloud. */
export function gkeProvider(
  name: string,
  { project, region, labels }: GkeProviderArgs,
  opts: pulumi.CustomResourceOptions,
): gcp.Provider {
  return new gcp.Provider(name, { project, region, defaultLabels: labels, addPulumiAttributionLabel: false }, opts);
}

/** The labels of the configuration and the platform's own, which tell its part of the bill. */
export function googleLabels(labels: Record<string, string>): Record<string, string> {
  return { ...labels, "part-of": "mlops" };
}
