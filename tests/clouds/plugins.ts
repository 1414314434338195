import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";

/** Clouds that are imitated, by the names of their Pulumi providers. */
export type Cloud = "gcp" | "aws";

/** Why the suite is skipped; a line of tests/allowed-skips.txt. */
export const noPlugins = "CLOUD_PLUGINS names no folder with the plugins of the clouds";

/** The folder of $CLOUD_PLUGINS with the provider's plugin in it; undefined where there is none. */
export function pluginsFor(cloud: Cloud): string | undefined {
  const folder = env.CLOUD_PLUGINS ?? "";
  return folder !== "" && existsSync(pluginIn(folder, cloud)) ? folder : undefined;
}

/** What a plugin says its version is. */
export function versionOf(folder: string, cloud: Cloud): string {
  const { stdout, stderr } = spawnSync(pluginIn(folder, cloud), ["--version"], { encoding: "utf8" });
  const version = `${stdout}${stderr}`.trim();
  if (version === "") throw new Error(`${pluginIn(folder, cloud)} says no version`);
  return version;
}

function pluginIn(folder: string, cloud: Cloud): string {
  return join(folder, `pulumi-resource-${cloud}`);
}
