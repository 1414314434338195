import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { withForward } from "../../scripts/platform/forward.ts";
import { folder } from "../program/program-cases.ts";
import { backupPackage } from "./key-pair.ts";
import type { Session } from "./session.ts";

/** What is in a bucket: checksums by the objects' names. */
export type Objects = Record<string, string>;

/** Runs images/backup's command on this machine, with MinIO's port forwarded and its administrator's credentials. */
export async function backupCommand(
  session: Session,
  args: string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const [user, password] = [await session.secret("minio-root", "user"), await session.secret("minio-root", "password")];
  return withForward(session.target, "minio", 9000, async (port) => {
    const command = backupPackage("backup", ...args);
    const store = {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: user,
      AWS_SECRET_ACCESS_KEY: password,
    };
    const env = { ...command.env, ...store, ...environment };
    const { stdout } = await promisify(execFile)(join(folder, "scripts/uv"), command.args, { env });
    return stdout;
  });
}

/** Every object of the platform's bucket. */
export async function objectsIn(session: Session): Promise<Objects> {
  const copy = await mkdtemp(join(tmpdir(), "e2e-objects-"));
  try {
    await backupCommand(session, ["copy", "s3://mlops", `file://${copy}`]);
    const files = (await readdir(copy, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const entries = files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const checksum = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
      return [relative(copy, path), checksum] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  } finally {
    await rm(copy, { recursive: true });
  }
}
