import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where `make chart` keeps what it fetches. MLOPS_TOOLS names another folder. */
export function toolsFolder(): string {
  return process.env.MLOPS_TOOLS ?? join(import.meta.dirname, "..", ".tools");
}

/** The path of a program: the one that `make chart` has fetched, or the first on PATH; undefined: there is none. */
export function programPath(name: string): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = [join(toolsFolder(), "bin"), ...onPath].map((folder) => join(folder, name));
  return paths.find((path) => existsSync(path));
}
