// node tests/program/recording.ts FOLDER: writes what every case of every stack registers and what its charts render, a file for
// each. A change that should change no object shows it by `diff --recursive` between the folders of before and after.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../lib/json.ts";
import type { Rendering } from "../../preview/render.ts";
import { stacksOf } from "../../preview/stack.ts";
import { casesOf, folder, renderCase } from "./program-cases.ts";

const out = process.argv[2];
if (out === undefined) throw new Error("give a folder to write to");
for (const stack of stacksOf(folder)) {
  for (const each of casesOf(stack)) {
    const path = join(out, stack, `${each.title.replaceAll(/\W+/g, "-")}.json`);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${JSON.stringify(recorded(await renderCase(each)), sorted, 1)}\n`);
  }
}

/** The order of registrations is no object's. */
function recorded({ resources, outputs, secretOutputPaths, charts }: Rendering): object {
  const registered = resources.map(({ urn, dependencies, secretPaths, ...rest }): [string, object] => [
    urn,
    { ...rest, dependencies: dependencies.toSorted(), secretPaths: secretPaths.toSorted() },
  ]);
  const rendered = charts.map(({ release, rendered }): [string, object] => [release.name, rendered]);
  return {
    resources: Object.fromEntries(registered),
    outputs,
    secretOutputPaths: secretOutputPaths.toSorted(),
    charts: Object.fromEntries(rendered),
  };
}

function sorted(_: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
