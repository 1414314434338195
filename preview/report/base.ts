import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../lib/errors.ts";
import { textAt } from "../../lib/json.ts";

const run = promisify(execFile);

/**
 * The commit that a name stands for.
 *
 * @throws UsageError for a folder without git, and a name without a commit
 */
export async function commitOf(folder: string, name: string): Promise<string> {
  const git = (...args: string[]) => run("git", ["-C", folder, ...args]);
  await git("rev-parse", "--git-dir").catch((error: unknown) => {
    throw new UsageError(
      textAt(error, "code") === "ENOENT"
        ? "git is not installed, and earlier commits are compared with it: install git"
        : `${folder} is not a git clone, so it has no earlier commit to compare with: clone the repository with git`,
    );
  });
  const { stdout } = await git("rev-parse", "--verify", "--quiet", `${name}^{commit}`).catch(() => {
    throw new UsageError(
      `this clone has no commit ${name} to compare with: ${howToFind(name)}; BASE=HEAD compares with your last commit`,
    );
  });
  return stdout.trim();
}

function howToFind(name: string): string {
  const [, branch] = /^origin\/(.+)$/.exec(name) ?? [];
  return branch === undefined ? "`git log` lists its commits" : `fetch it with \`git fetch origin ${branch}\``;
}

interface CheckoutOptions {
  /** The project's own folder. */
  folder: string;
  commit: string;
  /** Told before each step that may take a while. */
  onStep: (step: string) => void;
}

/**
 * Checks a commit out beside the project, does something there, and removes it.
 *
 * Packages are shared where both commits lock the same ones, and installed where not.
 */
export async function withCheckout<T>(options: CheckoutOptions, use: (folder: string) => Promise<T>): Promise<T> {
  const { folder, commit, onStep } = options;
  const scratch = await mkdtemp(join(tmpdir(), "preview-base-"));
  const target = join(scratch, "base");
  const modules = join(target, "node_modules");
  onStep("checking out the base");
  const leave = () => {
    // Nothing follows the link to the shared packages: a removal takes links as they are.
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", leave);
  try {
    await run("git", ["-C", folder, "worktree", "add", "--quiet", "--detach", target, commit]);
    if (isSameLock(folder, target)) await symlink(realpathSync(join(folder, "node_modules")), modules);
    else await install(target, onStep);
    return await use(target);
  } finally {
    process.off("SIGINT", leave);
    await rm(scratch, { recursive: true, force: true });
    await run("git", ["-C", folder, "worktree", "prune"]);
  }
}

function isSameLock(folder: string, other: string): boolean {
  const [own, theirs] = [folder, other].map((path) => join(path, "package-lock.json"));
  if (own === undefined || theirs === undefined || !existsSync(own) || !existsSync(theirs)) return false;
  return readFileSync(own).equals(readFileSync(theirs));
}

async function install(folder: string, onStep: (step: string) => void): Promise<void> {
  onStep("installing the base's packages");
  await run("npm", ["ci", "--loglevel", "error", "--no-audit", "--no-fund"], { cwd: folder }).catch(
    (error: unknown) => {
      throw new UsageError(`the base's packages cannot be installed: ${error instanceof Error ? error.message : ""}`);
    },
  );
}
