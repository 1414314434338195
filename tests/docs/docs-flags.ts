import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const top = join(import.meta.dirname, "../..");

/** A flag of one of the project's own commands, as the documentation types it. */
export interface Flag {
  command: string;
  /** With its hyphens, e.g. `--load`. */
  flag: string;
}

/** Commands whose flags are this project's, with the files that read them; `scripts/uv` and `scripts/pulumi` pass on. */
const commands: { pattern: RegExp; sources: (name: string) => string[] }[] = [
  {
    pattern: /scripts\/(?!uv\b|pulumi\b)([\w/-]+(?:\.ts)?)(?= )/,
    sources: (name) => [`scripts/${name}`, ...(name.includes("/") ? [`scripts/${dirname(name)}/*.ts`] : [])],
  },
  { pattern: /preview\/([\w-]+\.ts)(?= )/, sources: (name) => [`preview/${name}`] },
  { pattern: /local\/(run\.ts)(?= )/, sources: (name) => [`local/${name}`] },
  {
    pattern: /(?<=--project images\/[\w-]+ )([\w-]+)(?= )/,
    sources: (name) => [`images/${name}/src/**/*.py`],
  },
];

/** The flags in one piece of code, up to where another command or another program's arguments begin. */
export function flagsOf(code: string): Flag[] {
  return code.split("\n").flatMap((line) =>
    commands.flatMap(({ pattern }) => {
      const found = pattern.exec(line);
      if (found === null) return [];
      const [, command = ""] = found;
      const [rest = ""] = line.slice(found.index + found[0].length).split(/ -- |[|;)#]/);
      return [...rest.matchAll(/(?<= )--[a-z][a-z-]*/g)].map(([flag]) => ({ command, flag }));
    }),
  );
}

/** Whether the command's own source reads the flag: by its name with hyphens, or as an option of `parseArgs`. */
export function isRead({ command, flag }: Flag): boolean {
  const option = flag.slice(2);
  const patterns = commands.flatMap(({ sources }) => sources(command));
  const text = globSync(patterns, { cwd: top, withFileTypes: true })
    .filter((found) => found.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"))
    .join("\n");
  return new RegExp(`${flag}(?![\\w-])|(?<![\\w-])"?${option}"?: \\{ ?type`).test(text);
}
