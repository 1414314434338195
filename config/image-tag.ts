/** The parts of an image reference. */
interface ImageReference {
  repository: string;
  tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

/** Describes in messages which tags {@link isExactTag} accepts. */
export const exactTag = "a tag of a single build such as 1.4.2, team-42 or a commit; not latest, stable, 1 or 1.4";

/** Parses a reference; a registry's port is not a tag. @returns undefined if the text is not a reference */
export function parseReference(reference: string): ImageReference | undefined {
  const [, repository, tag, digest] =
    /^([^@\s]+?)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference) ?? [];
  if (repository === undefined || /:[^/]*$/.test(repository)) return undefined;
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/**
 * Whether a reference always means the same image: it has a digest, or a tag that publishers do not move.
 *
 * The policy, the configuration and the tests share this definition.
 */
export function isExact(reference: string): boolean {
  const { repository = "", tag, digest } = parseReference(reference) ?? {};
  return digest !== undefined || (tag !== undefined && isExactTag(tag, repository));
}

/**
 * Whether a tag identifies one build: one of its parts is a version of three numbers, a date, a commit, or a word with
 * a build number. A word alone (`stable`, `bookworm`, `prod`) and a version of one or two numbers (`7`, `7.4-bookworm`)
 * get new content from time to time.
 *
 * @param repository the tag's repository: Postgres numbers its releases with two numbers
 */
export function isExactTag(tag: string, repository = ""): boolean {
  const parts = tag.toLowerCase().split(/[-_]/);
  if (isTwoNumbered(repository) && /^\d{2,}\.\d+$/.test(parts[0] ?? "")) return true;
  return date.test(tag) || parts.some((part) => isVersion(part) || isCommit(part)) || hasBuildNumber(parts);
}

/** Three numbers or more, with the suffix of a pre-release: `v1.35.0`, `3.12.0rc1`. */
const isVersion = (part: string) => /^v?\d+(\.\d+){2,}([a-z]+\d*)?$/.test(part);

/** At least seven hexadecimal digits, as git shortens a commit, with the `g` of `git describe`. */
const isCommit = (part: string) => /^g?[0-9a-f]{7,64}$/.test(part) && /\d/.test(part);

/** `20261130` or `2026-11-30`, also inside `RELEASE.2026-09-16T00-00-00Z`. */
const date = /(^|\D)20\d\d(-?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/;

const isTwoNumbered = (repository: string) => /(^|\/)postgres$/.test(repository);

/** `team-42`, `build.7`, `r15`: any word with a number. */
function hasBuildNumber(parts: string[]): boolean {
  return parts.some((part, index) => {
    const [, word = "", number] = /^([a-z]*)\.?(\d+)$/.exec(part) ?? [];
    const named = word === "" ? (parts[index - 1] ?? "") : word;
    return number !== undefined && /^[a-z]+$/.test(named) && !numberedWords.has(named);
  });
}

/** Words whose number does not identify a build: operating systems and languages of base images, channels, branches. */
const numberedWords = new Set([
  ...["alpine", "bookworm", "bullseye", "buster", "debian", "deb", "fedora", "focal", "jammy", "noble", "trixie"],
  ...["el", "rhel", "ubi", "ubuntu", "windowsservercore", "nanoserver", "ltsc"],
  ...["cuda", "cudnn", "go", "java", "jdk", "jre", "node", "openjdk", "perl", "php", "py", "python", "ruby", "rust"],
  ...["postgresql", "postgres", "pg", "v", "version", "release", "rc", "alpha", "beta", "lts", "latest", "stable"],
  ...["slim", "distroless", "branch", "mr", "pr", "pull"],
]);
