import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A locked image. */
const entry = z.strictObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
  /** Day on which a registry said so. */
  seen: z.iso.date(),
});

const lockSchema = z.strictObject({
  images: z.record(z.string().regex(/^[^\s@]+:[^\s/@]+$/, "repository:tag"), entry),
});

/** Digests by `repository:tag`. */
export type ImageLock = z.output<typeof lockSchema>["images"];

/** File that `make pins` writes. */
export const lockFile = join(import.meta.dirname, "../images.lock.json");

/**
 * Reads a lock.
 *
 * @throws Error with every key that is wrong
 */
export function parseLock(text: string): ImageLock {
  const parsed = lockSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data.images;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(" → ")}: ${message}`);
  throw new Error(`images.lock.json is not a lock: run git checkout images.lock.json\n${problems.join("\n")}`);
}

/** The lock of this checkout. */
export function readLock(): ImageLock {
  return parseLock(readFileSync(lockFile, "utf8"));
}

/** A lock as its file has it: sorted, so that a difference shows what changed and nothing else. */
export function lockText(lock: ImageLock): string {
  const images = Object.fromEntries(Object.entries(lock).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ images }, undefined, 2)}\n`;
}
