// The list .github/known-vulnerabilities.yaml, for the scan of images.
//   node scripts/ci/vulnerabilities.ts --list         the public images to scan, as JSON
//   node scripts/ci/vulnerabilities.ts --image NAME   what the scanner is to ignore in an image, in its own format
// Both end with 1 where the list is wrong or an entry has expired.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readLock } from "../../components/image-lock.ts";
import { createImages, noMirrors, ownImages, type PublicImageName, publicImages } from "../../components/images.ts";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";

const file = ".github/known-vulnerabilities.yaml";

/** Names that an entry may have: repositories of public images, and own images. */
const imageNames: string[] = [...Object.values(publicImages).map(({ repository }) => repository), ...ownImages];

const entry = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9]*(-[A-Za-z0-9]+)+$/, "a name such as CVE-2026-1234"),
  images: z
    .array(z.string().refine((name) => imageNames.includes(name), { error: `one of ${imageNames.join(", ")}` }))
    .min(1, "at least one image"),
  reason: z.string().trim().min(10, "a sentence that explains why the image may run with it"),
  until: z.iso.date("a date such as 2027-01-31"),
});

const listSchema = z.strictObject({ vulnerabilities: z.array(entry) });

type KnownVulnerability = z.output<typeof entry>;

/**
 * Reads a list.
 *
 * @param today the day, as 2026-11-30
 * @throws Error with everything that is wrong
 */
export function parseKnown(text: string, today: string): KnownVulnerability[] {
  const parsed = listSchema.safeParse(parse(text));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    throw new Error(`${file} has invalid entries:\n${lines.join("\n")}`);
  }
  const { vulnerabilities } = parsed.data;
  const expired = vulnerabilities.filter(({ until }) => until < today);
  if (expired.length > 0) {
    const lines = expired.map(({ id, images, until }) => `  ${id} of ${images.join(", ")}, until ${until}`);
    throw new Error(`${file} has expired entries; delete them, or set another date:\n${lines.join("\n")}`);
  }
  return vulnerabilities;
}

/** The scanner's own format: https://trivy.dev/latest/docs/configuration/filtering/#trivyignore */
export function ignoreFile(known: KnownVulnerability[], image: string): string {
  if (!imageNames.includes(image)) throw new Error(`no image ${image}; the images are ${imageNames.join(", ")}`);
  return known
    .filter(({ images }) => images.includes(image))
    .map(({ id, reason, until }) => `# ${reason.replaceAll(/\s+/g, " ")}\n${id} exp:${until}\n`)
    .join("");
}

/** Public images as a stack in a cloud pulls them, each with the name that the list has of it. */
function scanned(): { image: string; name: string }[] {
  const images = createImages("", "", noMirrors, readLock());
  const isName = (name: string): name is PublicImageName => name in publicImages;
  return Object.keys(publicImages)
    .filter(isName)
    .map((name) => ({ image: images.public(name), name: publicImages[name].repository }));
}

function main(args: string[]): void {
  const { list, image } = readOptions(args, { list: { type: "boolean", default: false }, image: { type: "string" } });
  if (list === (image !== undefined)) throw new CommandLineError("use --list or --image NAME");
  const today = new Date().toISOString().slice(0, "2026-11-30".length);
  const known = parseKnown(readFileSync(join(import.meta.dirname, "../..", file), "utf8"), today);
  if (image === undefined) console.log(JSON.stringify(scanned()));
  else process.stdout.write(ignoreFile(known, image));
}

if (import.meta.main) await runScript("scripts/ci/vulnerabilities.ts", main);
