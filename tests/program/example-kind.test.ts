// The kind of cluster of tests/program/example-kind, added to a copy of the project as docs/adding.md says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { at, listAt } from "../../lib/json.ts";
import { folder } from "./program-cases.ts";

const run = promisify(execFile);

/** The lists of kinds: what a file imports, and the text whose end the kind's entry goes to. */
const lists = {
  "components/cluster/kinds.ts": {
    imported: 'import { exampleKind } from "./example/data/kind.ts";\n',
    last: "eks: eksKind",
    entry: ", example: exampleKind",
  },
  "components/cluster/create.ts": {
    imported: 'import { exampleConstructors } from "./example/constructors.ts";\n',
    last: "eks: eksConstructors,",
    entry: " example: exampleConstructors,",
  },
};
type List = keyof typeof lists;
const files = Object.keys(lists) as List[];

async function withEntry(file: List): Promise<string> {
  const { imported, last, entry } = lists[file];
  const text = await readFile(join(folder, file), "utf8");
  assert.equal(text.split(last).length, 2, `${file} ends its list with ${last}`);
  return imported + text.replace(last, `${last}${entry}`);
}

/** A copy of the project without its tests. */
async function copyOfProject(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "kind-"));
  const entries = (await readdir(folder)).filter((entry) => !/^(node_modules|out|tests|docs|\..*)$/.test(entry));
  for (const entry of entries) await cp(join(folder, entry), join(copy, entry), { recursive: true });
  await symlink(join(folder, "node_modules"), join(copy, "node_modules"));
  return copy;
}

describe("a kind of cluster", function () {
  this.timeout(300_000);
  let copy = "";

  before(async () => {
    copy = await copyOfProject();
    const kind = join(copy, "components/cluster/example");
    await cp(join(import.meta.dirname, "example-kind"), kind, { recursive: true });
    await rename(join(kind, "Pulumi.example.yaml"), join(copy, "Pulumi.example.yaml"));
    for (const file of files) await writeFile(join(copy, file), await withEntry(file));
  });

  after(() => rm(copy, { recursive: true, force: true }));

  it("is one folder and two lists, and the compiler finds the list without it", async () => {
    const path = join(copy, "components/cluster/create.ts");
    const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, copy);
    let program: ts.Program | undefined;
    /** What the compiler says of the list of constructors while a list is as it was. */
    const messages = async (left?: List) => {
      const host = ts.createCompilerHost(options);
      const original = left === undefined ? "" : await readFile(join(folder, left), "utf8");
      const isLeft = (name: string) => left !== undefined && name === join(copy, left);
      const parse = host.getSourceFile.bind(host);
      // Parsing the clouds' SDKs is most of the work.
      host.getSourceFile = (name, version) => {
        if (isLeft(name)) return ts.createSourceFile(name, original, version);
        return (name.endsWith(".d.ts") ? program?.getSourceFile(name) : undefined) ?? parse(name, version);
      };
      program = ts.createProgram([path], options, host);
      const found = program.getSemanticDiagnostics(program.getSourceFile(path));
      return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
    };
    assert.deepEqual(await messages(), []);
    assert.match((await messages("components/cluster/create.ts")).join(), /'example' is missing/);
    assert.match((await messages("components/cluster/kinds.ts")).join(), /'example' does not exist/);
  });

  it("has its schema, its resources, its objects' identities, its costs and its replacements in the preview", async () => {
    const script = ["preview/preview.ts", "--stack", "example", "--json"];
    const { stdout } = await run(process.execPath, script, { cwd: copy, maxBuffer: 2 ** 27 });
    const report: unknown = JSON.parse(stdout);
    const tree = JSON.stringify(at(report, "resources"));
    for (const type of ["mlops:example:ExampleCluster", "example:index:Cluster", "example:index:Bucket"]) {
      assert.ok(tree.includes(`"${type}"`), type);
    }
    assert.match(tree, /"example.org\/identity":"mlflow"/);
    // 730 × (0.1 + 0.2)
    assert.equal(at(report, "cost.totalUsd"), 219);
    assert.deepEqual(
      listAt(report, "policies").filter(
        (policy) => at(policy, "enforcement") === "mandatory" && listAt(policy, "violations").length > 0,
      ),
      [],
    );
  });
});
