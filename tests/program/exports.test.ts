import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { folder } from "./program-cases.ts";

const rooms = ["components", "config", "lib", "local", "policy", "preview", "scripts"];
const product = globSync(`{${rooms.join(",")}}/**/*.ts`, { cwd: folder });
const files = [...product, ...globSync(["*.ts", "tests/**/*.ts"], { cwd: folder })];
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");

/** `file name` of everything that a file imports; `file *` where it imports the whole. */
function importsOf(file: string): string[] {
  const at = (path: string) => normalize(join(dirname(file), path));
  const named = [...textOf(file).matchAll(/(?:import|export)\s[^"]*?\{([^}]*)\}\s*from\s*"(\.[^"]+)"/g)];
  const whole = [...textOf(file).matchAll(/(?:\*\s*as\s+\w+\s*from|import\()\s*"(\.[^"]+)"/g)];
  return [
    ...named.flatMap(([, names = "", path = ""]) => [...names.matchAll(/\w+/g)].map(([name]) => `${at(path)} ${name}`)),
    ...whole.map(([, path = ""]) => `${at(path)} *`),
  ];
}

describe("the exports", () => {
  it("are values that another file imports", () => {
    const imported = new Set(files.flatMap(importsOf));
    const unused = product
      .filter((file) => !imported.has(`${file} *`))
      .flatMap((file) =>
        [...textOf(file).matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)]
          .map(([, name = ""]) => `${file} ${name}`)
          .filter((value) => !imported.has(value)),
      );
    assert.deepEqual(unused, []);
  });
});
