import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { errorText, UsageError } from "../../lib/errors.ts";
import { withoutLogins } from "../../lib/urls.ts";

/**
 * Fetches a file whose digest is known. What differs is never written.
 *
 * @param sha256 of the file, in hexadecimal
 * @throws UsageError with the address, for what cannot be fetched and for another file
 */
export async function download(url: string, sha256: string, target: string): Promise<void> {
  const bytes = await read(url);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== sha256)
    throw new UsageError(`${withoutLogins(url)}: its sha256 is ${digest}, and ${sha256} is pinned`);
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${randomUUID()}`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/** What cannot be fetched from where it is published; another address may have it. */
export class Unreachable extends UsageError {}

/** The content of an address, which may have a login: `https://user:password@…`. */
export async function read(url: string): Promise<Buffer> {
  const shown = withoutLogins(url);
  const response = await request(url).catch((error: unknown) => {
    throw new Unreachable(`${shown} cannot be reached: ${reasonOf(error)}`);
  });
  if (!response.ok) throw new Unreachable(`${shown}: HTTP ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** `fetch` refuses URLs with a login. It forgets the header on the way to another host. */
async function request(address: string): Promise<Response> {
  const url = new URL(address);
  const login = [url.username, url.password].map(decodeURIComponent).join(":");
  url.username = "";
  url.password = "";
  const headers = login === ":" ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return fetch(url, { headers });
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  return errorText(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
