// make pins: asks the registries for the digest of every pinned image, writes them to images.lock.json, and says where a
// newer patch of the same minor exists. `--json` prints JSON. Ends with 1 where a registry did not answer: the lock keeps
// what it has of that image.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type ImageLock, lockFile, lockText, parseLock } from "../../components/image-lock.ts";
import { parseReference } from "../../config/image-tag.ts";
import { readOptions, runScript } from "../../lib/command-line.ts";
import { table } from "../../lib/terminal.ts";
import { newerTag } from "./newer.ts";
import { pinnedImages } from "./pulls.ts";
import { isTemporaryProblem, manifestOf, withRetries, reasonOf, tagsOf } from "./registry.ts";

/** The findings about one image. */
interface Pin {
  image: string;
  digest?: string;
  /** A newer patch's tag. */
  newer?: string;
  /** Why its registry said nothing of the digest, or of other tags. */
  problems: string[];
}

/** Milliseconds before a registry that did not answer is asked again. */
const pause = 5_000;

/** Asks a registry for the digest and for newer tags; neither answer needs the other. */
async function readPin(image: string, pauseMilliseconds: number): Promise<Pin> {
  const { digest, problem } = await withRetries(
    () => manifestOf(image).catch((error: unknown) => ({ digest: undefined, problem: reasonOf(error) })),
    (answer) => isTemporaryProblem(answer.problem),
    pauseMilliseconds,
  );
  if (problem !== undefined) return { image, problems: [problem] };
  try {
    const newer = newerTag(image, await tagsOf(parseReference(image)?.repository ?? ""));
    return { image, digest, problems: [], ...(newer === undefined ? {} : { newer }) };
  } catch (error) {
    return { image, digest, problems: [reasonOf(error)] };
  }
}

/** The new lock: an image that is no longer pinned goes, one whose registry did not answer stays as it is. */
function merged(lock: ImageLock, pins: Pin[], today: string): ImageLock {
  return Object.fromEntries(
    pins.flatMap(({ image, digest }) => {
      const earlier = lock[image];
      const entry = digest === undefined || digest === earlier?.digest ? earlier : { digest, seen: today };
      return entry === undefined ? [] : [[image, entry]];
    }),
  );
}

/** What a new lock has that the old one has not, in a word for each image. */
function changeOf({ image, digest }: Pin, lock: ImageLock): string {
  const earlier = lock[image]?.digest;
  if (digest === undefined) return earlier === undefined ? "none" : "kept";
  return earlier === undefined ? "new" : earlier === digest ? "unchanged" : "changed";
}

export function pinsTable(pins: Pin[], lock: ImageLock): string {
  const rows = pins.map((pin) => [pin.image, changeOf(pin, lock), pin.newer ?? "", pin.problems.join("; ")]);
  return table([["Image", "digest", "newer patch", "no answer"], ...rows], "texts");
}

/** The result of a renewal. */
interface Renewal {
  pins: Pin[];
  /** The lock before. */
  lock: ImageLock;
  /** Images of the lock that are no longer pinned. */
  gone: string[];
}

/** Asks for every image and writes the lock. */
export async function renew(
  images: string[],
  file: string,
  today: string,
  pauseMilliseconds = pause,
): Promise<Renewal> {
  const lock = existsSync(file) ? parseLock(readFileSync(file, "utf8")) : {};
  const pins = await Promise.all(images.map((image) => readPin(image, pauseMilliseconds)));
  writeFileSync(file, lockText(merged(lock, pins, today)));
  return { pins, lock, gone: Object.keys(lock).filter((image) => !images.includes(image)) };
}

async function main(args: string[]): Promise<number> {
  const { json } = readOptions(args, { json: { type: "boolean", default: false } });
  const today = new Date().toISOString().slice(0, "2026-11-30".length);
  const { pins, lock, gone } = await renew(pinnedImages(), lockFile, today);
  if (json) {
    const images = pins.map((pin) => ({ ...pin, change: changeOf(pin, lock) }));
    console.log(JSON.stringify({ images, gone }, undefined, 2));
  } else {
    console.log(pinsTable(pins, lock));
    for (const image of gone) console.log(`no longer pinned, and removed from the lock: ${image}`);
  }
  return pins.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

if (import.meta.main) await runScript("scripts/ci/pins.ts", main);
