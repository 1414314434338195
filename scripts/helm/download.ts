import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { errorText, UsageError } from "../../lib/errors.ts";

/**
 * Fetches a file whose digest is known. What differs is never written.
 *
 * @param sha256 of the file, in hexadecimal
 * @throws UsageError with the address, for what cannot be fetched and for another file
 */
export async function download(url: string, sha256: string, target: string): Promise<void> {
  const bytes = await read(url);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== sha256) throw new UsageError(`${url}: its sha256 is ${digest}, and ${sha256} is pinned`);
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${randomUUID()}`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/** The content of an address. */
export async function read(url: string): Promise<Buffer> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new UsageError(`${url} cannot be reached: ${reasonOf(error)}`);
  });
  if (!response.ok) throw new UsageError(`${url}: HTTP ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  return errorText(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
