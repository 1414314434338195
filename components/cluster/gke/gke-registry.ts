import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface GkeRegistryArgs {
  /** Id of the repository. */
  repository: string;
  project: string;
  region: string;
  /** `serviceAccount:<email>` of the nodes. */
  reader: pulumi.Input<string>;
}

/**
 * Artifact Registry for the platform's own images; the nodes may pull from it, and from no other of the project.
 *
 * ```ts
 * const registry = new GkeRegistry("mlops", { repository: "mlops", project, region, reader });
 * ```
 */
export class GkeRegistry extends pulumi.ComponentResource {
  /** What `make images REGISTRY=` takes, e.g. `europe-west4-docker.pkg.dev/acme-ml/mlops`. */
  readonly address: pulumi.Output<string>;
  /** Resources that must exist before a node pulls. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GkeRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-registry:GkeRegistry", name, {}, opts);
    const { repository: repositoryId, project, region: location, reader } = args;
    const repository = new gcp.artifactregistry.Repository(
      name,
      {
        repositoryId,
        project,
        location,
        format: "DOCKER",
        description: "The platform's own images",
        // Scans what is pushed where the project has the service, which costs 0.26 USD an image.
        vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      },
      { parent: this },
    );
    const pull = new gcp.artifactregistry.RepositoryIamMember(
      `${name}-nodes`,
      { project, location, repository: repository.name, role: "roles/artifactregistry.reader", member: reader },
      { parent: this },
    );
    this.address = pulumi.interpolate`${location}-docker.pkg.dev/${project}/${repository.repositoryId}`;
    this.ready = [pull];
    this.registerOutputs({ address: this.address, ready: this.ready });
  }
}
