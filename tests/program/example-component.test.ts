// The component of examples/component, added to a copy of the project by the lines of its README.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import { folder } from "./program-cases.ts";

const run = promisify(execFile);
const example = join(folder, "examples/component");

/** Where a file's line that is no import goes: before this text. */
const insertBefore: Record<string, string> = {
  "components/images.ts": "} as const satisfies Record<string, PublicImage>",
  "components/parts.ts": "} as const satisfies Record<string, PartDescription>",
  "index.ts": "  };\n  return platformOutputs",
};

/** The lines that the README adds to each file. */
async function additions(): Promise<Map<string, string[]>> {
  const text = await readFile(join(example, "README.md"), "utf8");
  const found = text.matchAll(/^`([\w./-]+\.ts)`, .*:\n\n```ts\n([^]*?)```/gm);
  return new Map([...found].map(([, file = "", code = ""]) => [file, code.trimEnd().split("\n")]));
}

describe("the example of a component", function () {
  this.timeout(240_000);
  let copy = "";
  let preview: unknown;
  let edited: string[] = [];

  before(async () => {
    copy = await mkdtemp(join(tmpdir(), "component-"));
    const entries = (await readdir(folder)).filter((entry) => !/^(node_modules|out|tests|\..*)$/.test(entry));
    for (const entry of entries) await cp(join(folder, entry), join(copy, entry), { recursive: true });
    await symlink(join(folder, "node_modules"), join(copy, "node_modules"));
    await cp(join(example, "notebook"), join(copy, "components/notebook"), { recursive: true });
    const added = await additions();
    edited = [...added.keys()];
    for (const [file, lines] of added) {
      const path = join(copy, file);
      const [before = "", ...after] = (await readFile(path, "utf8")).split(insertBefore[file] ?? "");
      assert.equal(after.length, 1, file);
      const isImport = (line: string) => line.startsWith("import ");
      const imports = lines.filter(isImport).map((line) => `${line}\n`);
      const others = lines.filter((line) => !isImport(line)).map((line) => `${line}\n`);
      await writeFile(path, [...imports, before, ...others, insertBefore[file], ...after].join(""));
    }
    const script = ["preview/preview.ts", "--stack", "minikube", "--json", "--out", join(copy, "out")];
    const { stdout } = await run(process.execPath, script, { cwd: copy, maxBuffer: 2 ** 27 });
    preview = JSON.parse(stdout);
  });

  after(() => rm(copy, { recursive: true, force: true }));

  /** What an expression of the copy's own code is, e.g. of its descriptions. */
  async function evaluated(code: string): Promise<unknown> {
    const script = `${code}; process.stdout.write(JSON.stringify(result))`;
    const { stdout } = await run(process.execPath, ["--input-type=module-typescript", "--eval", script], { cwd: copy });
    return JSON.parse(stdout) as unknown;
  }

  async function objects(kind: string, name: string): Promise<unknown[]> {
    const files = (await readdir(join(copy, "out"), { recursive: true })).filter((file) => file.endsWith(".yaml"));
    const texts = await Promise.all(files.map((file) => readFile(join(copy, "out", file), "utf8")));
    const all = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
    return all.filter((object) => at(object, "kind") === kind && at(object, "metadata.name") === name);
  }

  it("is a folder, and lines in three files", () => {
    assert.deepEqual(edited.toSorted(), ["components/images.ts", "components/parts.ts", "index.ts"]);
  });

  it("has types that fit", async () => {
    await run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc")], { cwd: copy });
  });

  it("keeps every policy", () => {
    const broken = listAt(preview, "policies").filter((policy) => listAt(policy, "violations").length > 0);
    assert.deepEqual(broken, []);
  });

  it("gets its Deployment, volume, Secret, Service and NetworkPolicy, both ways", async () => {
    for (const kind of ["Deployment", "Secret", "Service"]) assert.equal((await objects(kind, "notebook")).length, 1);
    assert.equal((await objects("PersistentVolumeClaim", "notebook-data")).length, 1);
    const [policy] = await objects("NetworkPolicy", "allow-notebook");
    const egress = listAt(policy, "spec.egress").flatMap((rule) => listAt(rule, "ports"));
    assert.ok(egress.some((port) => at(port, "port") === 5000));
    const [mlflow] = await objects("NetworkPolicy", "allow-mlflow");
    assert.match(JSON.stringify(at(mlflow, "spec.ingress")), /"notebook"/);
  });

  it("is scraped", async () => {
    const [map] = await objects("ConfigMap", "prometheus-config");
    const jobs = listAt(parse(configOf(map)), "scrape_configs");
    const [job] = jobs.filter((one) => at(one, "job_name") === "notebook");
    assert.equal(at(job, "static_configs.0.targets.0"), "notebook.mlops.svc:8080");
  });

  it("has its URL and its password in the stack's outputs", async () => {
    const outputs = at(preview, "outputs");
    assert.match(textAt(outputs, "notebookUrl") ?? "", /:30070$/);
    assert.ok(isObject(at(outputs, "adminPasswords")));
    const [service] = await objects("Service", "notebook-web");
    assert.equal(at(service, "spec.ports.0.nodePort"), 30070);
  });

  it("is opened by make open, and its login checked by make verify", async () => {
    const result = await evaluated(
      'import { webUis } from "./components/parts.ts"; import { administrators } from "./scripts/platform/credentials.ts";' +
        'const data = { password: Buffer.from("generated").toString("base64") };' +
        'const result = [webUis.notebook.title, administrators([{ metadata: { name: "notebook" }, data }]).notebook]',
    );
    assert.deepEqual(result, ["Notebook", { user: "admin", password: "generated" }]);
    const verify = await readFile(join(copy, "scripts/verify/verify.ts"), "utf8");
    assert.match(verify, /webUiNames\.map/);
  });

  it("is in docs/network.md, docs/secrets.md and in the diagram", async () => {
    const result = await evaluated(
      'import { networkMarkdown } from "./preview/diagrams/network-reference.ts"; const result = networkMarkdown()',
    );
    assert.match(String(result), /^\| mlflow \| 5000 \| .*\bnotebook\b/m);
    assert.match(String(result), /^\| notebook \| 8080 \| prometheus \|/m);
    const secrets = await evaluated(
      'import { secretsMarkdown } from "./preview/diagrams/secrets-reference.ts"; const result = secretsMarkdown()',
    );
    assert.match(String(secrets), /^\| `notebook` \| administrator's password \|/m);
    const diagram = await evaluated(
      [
        'import { render } from "./preview/render.ts"',
        'import { architectureOf } from "./preview/diagrams/architecture.ts"',
        'import { architectureSvg } from "./preview/diagrams/architecture-svg.ts"',
        'const rendering = await render({ folder: process.cwd(), stack: "minikube", download: false })',
        "const result = architectureSvg(architectureOf(rendering, []))",
      ].join(";"),
    );
    assert.match(String(diagram), />Notebook</);
  });
});

/** A key with a dot is no path. */
function configOf(map: unknown): string {
  const data = at(map, "data");
  return isObject(data) ? String(data["prometheus.yml"]) : "";
}
