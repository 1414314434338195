import { parseReference } from "../../config/image-tag.ts";

/** A tag as a place in a line of releases that replace each other. */
interface Release {
  /** The properties that a release line shares: the minor version and the variant. */
  line: string;
  /** Place in the line: a patch's number, or a stamp of time. */
  order: number;
}

/** Postgres has releases of two numbers, some images stamps of time, all others three numbers. */
function releaseOf(tag: string, repository: string): Release | undefined {
  const [, before = "", date, after = ""] = /^(.*?)(20\d\d-?\d\d-?\d\d(?:T[\d-]+Z)?)(.*)$/.exec(tag) ?? [];
  if (date !== undefined) return { line: `${before}*${after}`, order: Number(date.replaceAll(/\D/g, "")) };
  const numbers = /(^|\/)postgres$/.test(repository) ? /^(\d+\.)(\d+)(-.*)?$/ : /^(v?\d+\.\d+\.)(\d+)(-.*)?$/;
  const [, minor, patch, variant = ""] = numbers.exec(tag) ?? [];
  return minor === undefined ? undefined : { line: `${minor}*${variant}`, order: Number(patch) };
}

/** The newest tag that replaces an image's: a higher patch of the same minor and variant. Undefined: it is the newest. */
export function newerTag(image: string, tags: string[]): string | undefined {
  const { repository, tag = "" } = parseReference(image) ?? { repository: "" };
  const own = releaseOf(tag, repository);
  if (own === undefined) return undefined;
  let newest = { tag: undefined as string | undefined, order: own.order };
  for (const other of tags) {
    const release = releaseOf(other, repository);
    if (release?.line === own.line && release.order > newest.order) newest = { tag: other, order: release.order };
  }
  return newest.tag;
}
