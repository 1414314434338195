import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where `make chart` keeps what it fetches. MLOPS_TOOLS names another folder. */
export function toolsFolder(): string {
  return process.env.MLOPS_TOOLS ?? join(import.meta.dirname, "../..", ".tools");
}

/** The path of a program: the one that `make chart` has fetched, or the first on PATH; undefined: there is none. */
export function programPath(name: string): string | undefined {
  return firstIn([join(toolsFolder(), "bin"), ...searchPath()], name);
}

/** The path of a program on PATH; undefined: there is none. */
export function programOnPath(name: string): string | undefined {
  return firstIn(searchPath(), name);
}

function searchPath(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

function firstIn(folders: string[], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
