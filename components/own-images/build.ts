import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ContextFile, contextFiles, fingerprintOfFiles, sha256 } from "../../lib/docker/build-context.ts";
import type { NodePlatform } from "./node-platforms.ts";

/** A target of images/docker-bake.json. Another key is refused: the program would build something other than buildx. */
const targetSchema = z.strictObject({
  context: z.string(),
  contexts: z.record(z.string(), z.string()).default({}),
  dockerfile: z.string().default("Dockerfile"),
  target: z.string().optional(),
  args: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string()),
});

const bakeSchema = z.looseObject({ target: z.record(z.string(), targetSchema) });

type Recipe = z.output<typeof targetSchema>;

/** An image that the program builds. */
export interface Build {
  name: string;
  /** Changes with the image's content, and with nothing else. */
  tag: string;
  dockerfile: string;
  context: readonly ContextFile[];
  /** The other contexts, by their names in the Dockerfile. */
  contexts: Readonly<Record<string, readonly ContextFile[]>>;
  args: Readonly<Record<string, string>>;
  /** @default - the Dockerfile's last stage */
  target: string | undefined;
  platforms: readonly NodePlatform[];
}

/**
 * How some images are built.
 *
 * @param root folder that the paths of the bake file start at
 * @throws ZodError for a bake file that says more than this reads
 */
export function planBuilds(names: readonly string[], platforms: readonly NodePlatform[], root: string): Build[] {
  const { target: recipes } = bakeSchema.parse(JSON.parse(readFileSync(join(root, "images/docker-bake.json"), "utf8")));
  return names.map((name) => {
    const recipe = recipes[name];
    if (recipe === undefined) throw new Error(`images/docker-bake.json has no target ${name}`);
    return planBuild(name, recipe, platforms.toSorted(), root);
  });
}

function planBuild(name: string, recipe: Recipe, platforms: readonly NodePlatform[], root: string): Build {
  const { args, target } = recipe;
  const folder = join(root, recipe.context);
  const contexts = Object.entries(recipe.contexts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([context, path]) => [context, contextFiles(join(root, path))] as const);
  const build = {
    name,
    dockerfile: readFileSync(join(folder, recipe.dockerfile), "utf8"),
    context: contextFiles(folder),
    contexts: Object.fromEntries(contexts),
    args,
    target,
    platforms,
  };
  return { ...build, tag: tagOf(build) };
}

/** Long enough to identify one content of one image. */
const tagLength = 16;

function tagOf({ dockerfile, context, contexts, args, target, platforms }: Omit<Build, "tag">): string {
  const parts = {
    dockerfile,
    context: fingerprintOfFiles(context),
    contexts: Object.entries(contexts).map(([name, files]) => [name, fingerprintOfFiles(files)]),
    args: Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    target: target ?? "",
    platforms,
  };
  return sha256(JSON.stringify(parts)).slice(0, tagLength);
}
