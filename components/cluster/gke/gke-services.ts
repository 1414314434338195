import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What the program asks of a project, by the names of Google's services. */
export const services = [
  "artifactregistry",
  "cloudresourcemanager",
  "compute",
  "container",
  "dns",
  "iam",
  "iamcredentials",
  // An endpoint of Private Service Connect is registered in it.
  "servicedirectory",
  "servicenetworking",
  "sqladmin",
  "storage",
] as const;

/**
 * Enables the services that the cluster's resources need, and leaves them enabled: others in the project may use them.
 *
 * Service Usage, which enables the others, is on in every project.
 * Source: https://cloud.google.com/service-usage/docs/enabled-service#default
 */
export class GkeServices extends pulumi.ComponentResource {
  constructor(name: string, { project }: { project: string }, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-services:GkeServices", name, {}, opts);
    for (const service of services) {
      new gcp.projects.Service(
        `${name}-${service}`,
        { project, service: `${service}.googleapis.com`, disableOnDestroy: false },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
