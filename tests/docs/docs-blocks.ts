// The code blocks of the documentation: which run, and what a tag behind the fence says of those that do not.
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Block, blocksOf } from "./markdown.ts";

const top = join(import.meta.dirname, "../..");

/** A page of the documentation. */
export interface Page {
  path: string;
  text: string;
}

const patterns = ["*.md", "docs/**/*.md", "local/*.md", ".github/*.md", ".github/ISSUE_TEMPLATE/*.md"];

/** Every page, in the order of their paths. */
export const pages: readonly Page[] = globSync(patterns, { cwd: top })
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(top, path), "utf8") }));

export interface PageBlock extends Block {
  /** Path and line, e.g. `README.md:12`. */
  place: string;
  page: string;
  /** The block before it on its page. */
  before: Block | undefined;
}

export const blocks: readonly PageBlock[] = pages.flatMap(({ path, text }) =>
  blocksOf(text).map((block, index, all) => ({
    ...block,
    place: `${path}:${block.line}`,
    page: path,
    before: all[index - 1],
  })),
);

/** Languages of blocks. */
export const languages: readonly string[] = ["sh", "yaml", "json", "python", "mermaid", "text", "sql"];

/** Why a block is not run, or what a `text` block was seen with. */
export const tags: Readonly<Record<string, string>> = {
  cloud: "needs an account of a cloud",
  cluster: "needs a cluster with the platform, or one to deploy it on",
  docker: "needs Docker or Buildah, and builds images",
  long: "takes minutes, or fetches much",
  pulumi: "needs the Pulumi CLI and a stack's state",
};

/** Programs whose blocks run without a tag: they need nothing but the checkout, and change nothing outside of it. */
const harmless = new Set(["cat", "diff", "echo", "git", "grep", "ls", "node_modules/.bin/node"]);

/** Make targets that need nothing but the checkout, and seconds. */
const quick = new Set(["help", "hooks", "preview", "preview-diff", "reference"]);

/** Whether a block without a tag would do more than a test may. */
export function needsTag({ language, code, tags: given }: Block): boolean {
  if (given.length > 0) return false;
  return language === "sql" || (language === "sh" && commandsOf(code).some(isHeavy));
}

function isHeavy(command: string): boolean {
  const [program = "", target = ""] = command.split(/\s+/);
  return program === "make" ? !quick.has(target) : !harmless.has(program);
}

/** A block's commands, without comments and assignments. */
function commandsOf(code: string): string[] {
  return code
    .replace(/\\\n/g, " ")
    .split(/\n|\||&&|;|\$\(/)
    .map((command) => command.trim().replace(/^(?:\w+=\S* +)+/, ""))
    .filter((command) => command !== "" && !command.startsWith("#"));
}

/** Whether a block shows what no block before it prints. */
export function comesFromNowhere({ language, tags: given, before }: PageBlock): boolean {
  const prints = before?.tags.length === 0 && (before.language === "sh" || before.language === "yaml");
  return language === "text" && given.length === 0 && !prints;
}

export interface Run {
  /** Null: ended by a signal. */
  status: number | null;
  output: string;
}

/**
 * A copy of what git knows of this checkout, changes included, with its own history and the packages that are installed.
 *
 * @returns its folder, which the caller removes
 */
export function copyCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: top });
  for (const path of listed.toString().split("\0")) {
    if (path === "" || path === "node_modules") continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(top, path), join(folder, path));
  }
  linkPackages(folder);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env: environment() });
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=docs", "-c", "user.email=docs@example.org", "commit", "--quiet", "--message", "copy");
  return folder;
}

/** A link to each package instead of one to all: no `npm ci` in the copy could reach those of this checkout. */
function linkPackages(folder: string): void {
  const [from, to] = [join(top, "node_modules"), join(folder, "node_modules")];
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== ".installed") symlinkSync(join(from, name), join(to, name));
  // Newer than package.json, so that make has nothing to install.
  writeFileSync(join(to, ".installed"), "");
}

/** No cluster, no state and no repository but the copy's own. */
function environment(): NodeJS.ProcessEnv {
  const { PATH = "" } = process.env;
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:GIT_|MAKE|MFLAGS|PULUMI_|KUBE)/.test(name));
  return {
    ...Object.fromEntries(kept),
    KUBECONFIG: "/dev/null",
    PATH: [dirname(process.execPath), PATH].join(delimiter),
  };
}

/** Runs a block in a folder as a reader would type it, and stops at the first command that fails. */
export async function runBlock(folder: string, code: string): Promise<Run> {
  const options = { cwd: folder, env: environment(), maxBuffer: 1e8 };
  try {
    const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", code], options);
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code: status, stdout, stderr } = error as { code: number | null; stdout: string; stderr: string };
    return { status, output: stdout + stderr };
  }
}
