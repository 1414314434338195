import { execFile } from "node:child_process";
import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publicImages } from "../../components/images.ts";
import { chart, folder } from "../program/program-cases.ts";
import type { ImageStore } from "./node.ts";

const run = promisify(execFile);

/** The last commit whose object store was built from MinIO's source, and whose volumes nothing protected. */
export const commitBefore = "50cc6a9";

/** Tag of the images that were built from it. */
export const tagBefore = "before";
/** Those without which nothing of it runs; .ci/run builds them. */
export const imagesBefore = ["provision", "mlflow", "minio", ...(chart === undefined ? [] : ["airflow"])].map(
  (name) => `localhost/mlops/${name}:${tagBefore}`,
);

/** The program as it was, in a folder of its own; undefined where the checkout has no history. */
export async function versionBefore(): Promise<string | undefined> {
  const hasCommit = await run("git", ["-C", folder, "cat-file", "-e", commitBefore]).then(
    () => true,
    () => false,
  );
  if (!hasCommit) return undefined;
  const version = await mkdtemp(join(tmpdir(), "version-before-"));
  const archive = join(version, "version.tar");
  await run("git", ["-C", folder, "archive", "--output", archive, commitBefore]);
  await run("tar", ["--extract", "--file", archive, "--directory", version]);
  await symlink(join(folder, "node_modules"), join(version, "node_modules"));
  return version;
}

/**
 * Gives the public images that the node holds the names that it pinned in another patch.
 *
 * @returns the names that were added
 */
export async function namePublicImages(store: ImageStore, version: string): Promise<string[]> {
  const { publicImages: before } = (await import(join(version, "components/images.ts"))) as {
    publicImages: Record<string, { repository: string; tag: string }>;
  };
  const added: string[] = [];
  for (const [name, { repository, tag }] of Object.entries(publicImages)) {
    const old = before[name];
    if (old?.repository !== repository) continue;
    const [held, wanted] = [`${repository}:${tag}`, `${repository}:${old.tag}`];
    if (!(await store.has(held)) || (await store.has(wanted))) continue;
    await store.tag(held, wanted);
    added.push(wanted);
  }
  return added;
}
