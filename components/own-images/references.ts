import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { UserError } from "../../config/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { BuiltImages } from "../images.ts";
import { lookup } from "../../lib/lookup.ts";
import type { Build } from "./build.ts";
import { OwnImages, taggedReference } from "./own-images.ts";

/**
 * Builds and pushes a stack's images, and waits for their digests.
 *
 * Pods name an image by a plain text: the chart shows its objects in a preview only where its values are known. An update
 * registers the platform when the images are there, while the cluster is made beside them.
 *
 * @returns undefined where the stack uses published images
 */
export async function builtImages(
  builds: readonly Build[],
  config: Pick<Config, "imageMirror" | "imageMirrors">,
  { registry }: Pick<Cluster, "registry">,
): Promise<BuiltImages | undefined> {
  if (builds.length === 0) return undefined;
  if (registry === undefined) throw new Error("images are built where the program makes a registry");
  const address = await registry.plannedAddress();
  const mirrors = { all: config.imageMirror, of: config.imageMirrors };
  const args = { builds, registry: address, login: registry.login(), mirrors };
  const { references } = new OwnImages("images", args, { dependsOn: registry.ready });
  const pushed = lookup(references, "image");
  const all = builds.map(async (build) => {
    return [build.name, await referenceOf(pushed(build.name), taggedReference(build, address))] as const;
  });
  return { registry: address, references: Object.fromEntries(await Promise.all(all)) };
}

/**
 * What pods name an image by: with the digest of what was pushed, or in a preview of a new image by its tag alone.
 *
 * @param pushed output of the image
 * @throws UserError in an update whose image was not pushed, which the engine may go on with
 */
export async function referenceOf(pushed: pulumi.Output<string>, tagged: string): Promise<string> {
  // The SDK keeps this one internal: it tells what a preview does not know.
  const { isKnown }: { isKnown?: Promise<boolean> } = pushed as object;
  const reference = (await isKnown) === false ? undefined : await valueOf(pushed);
  if (reference?.startsWith(`${tagged}@`) === true) return reference;
  if (pulumi.runtime.isDryRun()) return tagged;
  throw new UserError(`the image ${tagged} was not pushed: see its errors above, and run the update again`);
}

function valueOf(output: pulumi.Output<string | undefined>): Promise<string | undefined> {
  return new Promise((resolve) => void output.apply(resolve));
}
