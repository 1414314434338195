import { copyFileSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the program in which the example stacks are stacks. */
export interface ExampleStacks {
  /** A temporary folder, which the caller deletes. */
  folder: string;
  names: string[];
}

/** Copies every stack of examples/stacks beside the program, as a user copies it. */
export function exampleStacks(program: string): ExampleStacks {
  const examples = join(program, "examples/stacks");
  const folder = mkdtempSync(join(tmpdir(), "example-stacks-"));
  for (const name of ["Pulumi.yaml", "index.ts", "package.json"]) symlinkSync(join(program, name), join(folder, name));
  const names = readdirSync(examples).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []);
  for (const name of names) copyFileSync(join(examples, `${name}.yaml`), join(folder, `Pulumi.${name}.yaml`));
  return { folder, names };
}
