import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownImages } from "../../images.ts";

export interface EksRegistryArgs {
  /** First part of the repositories' names. */
  path: string;
  /** Whether a destroy is refused while there are images; else it takes them with it. */
  deletionProtection: boolean;
  /** Whether the program pushes what it builds, by tags of the content; else people push releases. */
  isBuiltFor: boolean;
}

/**
 * A repository of ECR for each of the platform's own images.
 *
 * ```ts
 * const { address } = new EksRegistry("registry", { path: "mlops", deletionProtection: true, isBuiltFor: true });
 * ```
 */
export class EksRegistry extends pulumi.ComponentResource {
  /** What `make images REGISTRY=…` pushes to. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: EksRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-registry:EksRegistry", name, {}, opts);
    const child = { parent: this };
    const repositories = ownImages.map((image) => {
      const repository = new aws.ecr.Repository(
        `${name}-${image}`,
        {
          name: `${args.path}/${image}`,
          // Pods name a digest, which a second push of a tag does not change; without the state, the same content has to
          // be pushed once more. A release's tag means one image for ever.
          imageTagMutability: args.isBuiltFor ? "MUTABLE" : "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          forceDelete: !args.deletionProtection,
        },
        child,
      );
      new aws.ecr.LifecyclePolicy(`${name}-${image}`, { repository: repository.name, policy: cleanUp }, child);
      return repository;
    });
    const [first] = repositories;
    if (first === undefined) throw new Error("the platform has no image of its own");
    this.address = first.repositoryUrl.apply((url) => url.slice(0, url.lastIndexOf("/")));
    this.registerOutputs({ address: this.address });
  }
}

/** Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
const cleanUp = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Images that no tag names go after two weeks",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});
