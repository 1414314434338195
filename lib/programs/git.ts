import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../errors.ts";
import { nearestExisting } from "../writable.ts";

const run = promisify(execFile);

/**
 * Refuses a folder for secrets that a commit could take along: one inside a git
 * work tree that git tracks something of, or does not ignore.
 *
 * @param folder absolute path; it need not exist
 * @throws UsageError
 */
export async function refuseGitFolder(folder: string): Promise<void> {
  const existing = nearestExisting(folder);
  if (!isInWorkTree(existing)) return;
  const git = (args: string[]) => run("git", ["-C", existing, ...args]);
  const remedy = "choose an OUT outside it, or one in .gitignore";
  try {
    await git(["rev-parse", "--is-inside-work-tree"]);
  } catch {
    throw new UsageError(`${folder} is inside a git work tree, and git cannot tell whether it is ignored: ${remedy}`);
  }
  const tracked = existsSync(folder) ? (await git(["ls-files", "--", folder])).stdout : "";
  if (tracked !== "") throw new UsageError(`git tracks files in ${folder}, which must not contain secrets: ${remedy}`);
  const isIgnored = await git(["check-ignore", "--quiet", join(folder, "secrets", "secret.yaml")]).then(
    () => true,
    () => false,
  );
  if (!isIgnored) throw new UsageError(`git does not ignore ${folder}, which must not contain secrets: ${remedy}`);
}

/** Looked up by hand, since git itself may be missing or refuse the folder's owner. */
function isInWorkTree(folder: string): boolean {
  if (existsSync(join(folder, ".git"))) return true;
  return dirname(folder) !== folder && isInWorkTree(dirname(folder));
}
