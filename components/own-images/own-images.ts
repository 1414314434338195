import * as docker from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { basesOf } from "../../lib/docker/dockerfile.ts";
import type { NodePlatform } from "./node-platforms.ts";
import type { RegistryLogin } from "../cluster/cluster.ts";
import { mirrored, type Mirrors } from "../images.ts";
import type { Build } from "./build.ts";
import { stagedAt } from "./stage.ts";

export interface OwnImagesArgs {
  builds: readonly Build[];
  /** Registry and path, e.g. `europe-west4-docker.pkg.dev/acme-ml/mlops`. */
  registry: string;
  /** Of who pushes. */
  login: pulumi.Output<RegistryLogin>;
  /** Where base images are pulled from. */
  mirrors: Mirrors;
}

/**
 * The platform's own images, built for the cluster's nodes and pushed to its registry.
 *
 * ```ts
 * const images = new OwnImages("images", { builds, registry, login, mirrors: noMirrors }, { dependsOn: ready });
 * ```
 */
export class OwnImages extends pulumi.ComponentResource {
  /** What was pushed, by the image's name: `repository:tag@digest`. */
  readonly references: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: OwnImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:own-images:OwnImages", name, {}, opts);
    const dependsOn = opts?.dependsOn ?? [];
    const images = args.builds.map((build) => {
      // The repository goes with all that is in it; until then, what ran before can run again.
      const child = { parent: this, dependsOn, retainOnDelete: true };
      return [build.name, new docker.Image(`${name}-${build.name}`, imageArgs(build, args), child).ref] as const;
    });
    this.references = Object.fromEntries(images);
    this.registerOutputs({ references: this.references });
  }
}

/** A build's tag in a registry. */
export function taggedReference({ name, tag }: Build, registry: string): string {
  return `${registry}/${name}:${tag}`;
}

/** The SDK's names of processors. */
const platforms: Record<NodePlatform, docker.Platform> = {
  "linux/amd64": docker.Platform.Linux_amd64,
  "linux/arm64": docker.Platform.Linux_arm64,
};

function imageArgs(build: Build, { registry, login, mirrors }: OwnImagesArgs): docker.ImageArgs {
  const staged = stagedAt(build);
  const moved = basesOf(build.dockerfile)
    .map((base) => [base, mirrored(base, mirrors)] as const)
    .filter(([base, mirror]) => base !== mirror)
    .map(([base, mirror]) => [base, `docker-image://${mirror}`] as const);
  const named = Object.entries({ ...staged.contexts, ...Object.fromEntries(moved) }).map(
    ([context, location]) => [context, { location }] as const,
  );
  return {
    dockerfile: { location: staged.dockerfile },
    context: { location: staged.context, ...(named.length === 0 ? {} : { named: Object.fromEntries(named) }) },
    ...(Object.keys(build.args).length === 0 ? {} : { buildArgs: build.args }),
    ...(build.target === undefined ? {} : { target: build.target }),
    platforms: build.platforms.map((platform) => platforms[platform]),
    tags: [taggedReference(build, registry)],
    push: true,
    // The provider ignores another password, so that a renewed token plans no change.
    registries: [{ address: hostOf(registry), username: login.username, password: login.password }],
    buildOnPreview: false,
  };
}

function hostOf(registry: string): string {
  return registry.slice(0, registry.indexOf("/"));
}
