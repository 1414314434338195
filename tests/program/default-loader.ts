import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a preview reads, beside node_modules. */
const sources =
  /^(config\.ts|index\.ts|config|components|lib|preview|alerts|dashboards|policy|Pulumi.*\.yaml|tsconfig\.json)$/;

/**
 * Copies the program and its preview as CommonJS, for Pulumi's default loader: ts-node with type checks takes no
 * `.ts` imports of ECMAScript modules.
 *
 * @param from the project
 * @param to an empty folder
 * @returns the file to run
 */
export function copyForDefaultLoader(from: string, to: string): string {
  for (const name of readdirSync(from).filter((entry) => sources.test(entry))) {
    // A package.json of a folder, such as the policies', would make its files ECMAScript modules again.
    const filter = (path: string) => !/\/(node_modules|package\.json)(\/|$)/.test(path.slice(from.length));
    cpSync(join(from, name), join(to, name), { recursive: true, filter });
  }
  for (const path of readdirSync(to, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))) {
    writeFileSync(join(to, path), asCommonJs(readFileSync(join(to, path), "utf8")));
  }
  symlinkSync(join(from, "node_modules"), join(to, "node_modules"));
  writeFileSync(join(to, "package.json"), '{"private": true}');
  const entry = join(to, "preview", "default-loader.js");
  writeFileSync(entry, loader);
  return entry;
}

/** As @pulumi/pulumi's cmd/run registers ts-node for a program that is no ECMAScript module. */
const loader = `
const { allowImportingTsExtensions, verbatimModuleSyntax, noEmit, ...own } = require("../tsconfig.json").compilerOptions;
const compilerOptions = { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true", ...own };
require("ts-node").register({ compiler: "typescript", skipProject: true, compilerOptions });
require("./preview.ts");
`;

function asCommonJs(text: string): string {
  const copy = text
    .replace(/((?:from|import) "\.[^"]*)\.ts"/g, '$1"')
    .replaceAll("import.meta.dirname", "__dirname")
    .replaceAll("import.meta.filename", "__filename")
    .replaceAll("import.meta.url", 'require("node:url").pathToFileURL(__filename)')
    .replace(/await import\((pathToFileURL\(.*\))\.href\)/, 'require(require("node:url").fileURLToPath($1))');
  const [left] = /import\.meta\.\w+|await import\(/.exec(copy) ?? [];
  if (left !== undefined) throw new Error(`the copy for the default loader is no CommonJS: ${left}`);
  return copy;
}
