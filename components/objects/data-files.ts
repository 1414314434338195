import { readdirSync, readFileSync } from "node:fs";

/**
 * The files of a folder that hold data and no code, by name.
 *
 * @param folder of the repository
 * @param extension with its dot
 */
export function dataFiles(folder: "alerts" | "dashboards", extension: ".json" | ".yaml"): Record<string, string> {
  const url = new URL(`../../${folder}/`, import.meta.url);
  const names = readdirSync(url).filter((name) => name.endsWith(extension));
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(new URL(name, url), "utf8")]));
}
