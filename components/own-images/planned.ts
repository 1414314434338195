import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { UserError } from "../../config/errors.ts";
import { isObject, textAt } from "../../lib/json.ts";
import { nodePlatforms } from "./node-platforms.ts";
import { type OwnImageName, ownImages } from "../images.ts";
import { deployedOutput } from "../ownership/deployed.ts";
import { type Build, planBuilds } from "./build.ts";
import { builderFix, builderProblem } from "./builder.ts";
import { stage } from "./stage.ts";

/** The project's folder, which the bake file's paths start at, and the engine's working directory. */
const root = join(import.meta.dirname, "../..");

/** Output of the stack with the references of the images that it built. */
export const imagesOutput = "images";

/** The images that a stack builds; none where it uses published ones. */
export function plannedBuilds(config: Config): Build[] {
  const { cluster, imageRegistry, layers } = config;
  if (imageRegistry !== "" || !layers.includes("platform")) return [];
  return planBuilds(usedImages(config), nodePlatforms(cluster), root);
}

/** The own images that pods of a stack may have: DAGs can use all but those of a part that does not run. */
export function usedImages({ airflow, backup }: Pick<Config, "airflow" | "backup">): OwnImageName[] {
  const unused: string[] = [
    ...(airflow.dags.kind === "image" && airflow.image === undefined ? [] : ["airflow"]),
    ...(backup.enabled ? [] : ["backup"]),
  ];
  return ownImages.filter((name) => !unused.includes(name));
}

/**
 * Copies the files of the builds to where the provider reads them, and makes sure that something can build.
 *
 * @throws UserError in an update, before anything is registered. A preview only warns: it builds nothing
 */
export async function prepareBuilds(builds: readonly Build[]): Promise<void> {
  if (builds.length === 0 || !pulumi.runtime.hasEngine()) return;
  for (const build of builds) stage(build, root);
  const missing = notBuilt(builds, await deployedOutput(imagesOutput));
  if (missing.length === 0) return;
  const problem = await builderProblem();
  if (problem === undefined) return;
  const text = `nothing here can build the images ${missing.join(", ")}. ${problem}. To fix it, ${builderFix}.`;
  if (!pulumi.runtime.isDryRun()) throw new UserError(text);
  await pulumi.log.warn(text);
}

/** The images whose content the last update of the stack did not build. */
export function notBuilt(builds: readonly Build[], deployed: unknown): string[] {
  const references = isObject(deployed) ? deployed : {};
  return builds
    .filter(({ name, tag }) => textAt(references, name)?.includes(`/${name}:${tag}`) !== true)
    .map(({ name }) => name);
}
