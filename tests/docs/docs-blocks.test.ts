// Every code block of the documentation runs, is validated or has a tag that says what it would need.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ConfigError } from "../../config/errors.ts";
import { isObject } from "../../lib/json.ts";
import { render } from "../../preview/render.ts";
import { blocks, copyCheckout, needsTag, type PageBlock, type Run, runBlock } from "./docs-blocks.ts";
import { makeTargets } from "./makefile.ts";
import { folder } from "../program/program-cases.ts";

const of = (language: string) => blocks.filter((block) => block.language === language);
const isUntagged = ({ tags }: PageBlock) => tags.length === 0;

describe("the code blocks of the documentation", function () {
  this.timeout(300_000);
  const runs = new Map<string, Run>();
  let copy: string;
  before(() => {
    copy = copyCheckout();
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  // tests/docs/docs.test.ts refuses the others.
  for (const block of of("sh").filter((one) => isUntagged(one) && !needsTag(one))) {
    it(`run: ${block.place}`, async () => {
      const run = await runBlock(copy, block.code);
      runs.set(block.place, run);
      assert.equal(run.status, 0, run.output);
    });
  }

  for (const block of of("yaml")) {
    it(`are a stack's configuration: ${block.place}`, async () => {
      for (const keys of configurationsOf(block.code)) {
        const problems = await problemsOf(block.page, keys);
        // What follows a wrong configuration shows what is said of it.
        if (!isExplained(block)) assert.equal(problems, undefined);
      }
    });
  }

  for (const block of of("text").filter(isUntagged)) {
    it(`show what is printed: ${block.place}`, async () => {
      assert.ok(block.before !== undefined, "nothing before it prints it: give it a tag");
      const place = `${block.page}:${block.before.line}`;
      const printed =
        block.before.language === "yaml"
          ? await problemsOf(block.page, configurationsOf(block.before.code)[0] ?? {})
          : runs.get(place)?.output;
      assert.ok(printed !== undefined, `${place} prints nothing`);
      assert.ok(printed.includes(block.code), printed);
    });
  }

  it("are JSON", () => {
    for (const { place, code } of of("json")) assert.doesNotThrow(() => void JSON.parse(code), place);
  });

  it("are Python, whole or the arguments of a call", () => {
    const program =
      "import ast, json, sys\nfor code in json.load(sys.stdin):\n" +
      "  try: ast.parse(code)\n  except SyntaxError: ast.parse(f'call({code})')";
    execFileSync("python3", ["-c", program], { input: JSON.stringify(of("python").map(({ code }) => code)) });
  });

  it("name a make target or a script that exists, where they take long", () => {
    const found = blocks
      .filter(({ tags }) => tags.includes("long"))
      .flatMap(({ place, code }) =>
        commandsOf(code)
          .filter((command) => !exists(command))
          .map((command) => `${place}: ${command}`),
      );
    assert.deepEqual(found, []);
  });
});

/** The configurations in a block: `config:` with keys below, or the keys themselves; any other YAML is none. */
function configurationsOf(code: string): Record<string, unknown>[] {
  return parseAllDocuments(code).flatMap((document) => {
    assert.deepEqual(document.errors, []);
    const content: unknown = document.toJS();
    const keys = isObject(content) ? (content.config ?? content) : undefined;
    return isObject(keys) && Object.keys(keys).some((key) => key.startsWith("mlops:")) ? [keys] : [];
  });
}

/** Renders the stack that a block changes: that of the cluster's kind, or else of the page. */
async function problemsOf(page: string, keys: Record<string, unknown>): Promise<string | undefined> {
  const { "mlops:cluster": cluster } = keys;
  const kind = isObject(cluster) ? cluster.kind : /(?:gke|eks)/.exec(page)?.[0];
  const stack = kind === "gke" || kind === "eks" ? kind : "minikube";
  const config = Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  try {
    await render({ folder, stack, config, download: false });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function isExplained({ page, line }: PageBlock): boolean {
  const next = blocks.find(({ page: other, before }) => other === page && before?.line === line);
  return next?.language === "text" && next.tags.length === 0;
}

function commandsOf(code: string): string[] {
  return code
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/ +#.*/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** `make target`, `scripts/name …`, or a command of one of the Python projects. */
function exists(command: string): boolean {
  const [program = "", target = ""] = command.split(" ");
  if (program === "make") return makeTargets().has(target);
  const [, project, script] = / --project (\S+) (\S+)/.exec(command) ?? [];
  if (project !== undefined) {
    const scripts = readFileSync(join(folder, project, "pyproject.toml"), "utf8").split("[project.scripts]")[1] ?? "";
    return new RegExp(`^${script} = `, "m").test(scripts);
  }
  return existsSync(join(folder, program));
}
