import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { errorText, UsageError } from "../../lib/errors.ts";
import { programOnPath } from "../../lib/programs/tools.ts";
import { download } from "./download.ts";

const run = promisify(execFile);

interface HelmRelease {
  version: string;
  /** Where the archives are. */
  site: string;
  /** sha256 of each platform's archive, by Node's names of platform and processor. */
  archives: Readonly<Record<string, string>>;
}

/**
 * The helm that previews render with.
 *
 * Digests: https://github.com/helm/helm/releases/tag/v3.22.0
 */
export const helmRelease: HelmRelease = {
  version: "v3.22.0",
  site: "https://get.helm.sh",
  archives: {
    "darwin-arm64": "4c9982a6cdeb458b60258df66b55398ca5b19293f6877faffe2909ad6f23dfe0",
    "darwin-x64": "bd1d09f316558dda23698527859600936fed1371021ce0f2272d66b2fdcfa69c",
    "linux-arm64": "f14e804dfee240f55525b667488fe9adca349e63e00c9af634c0beb1421ac310",
    "linux-x64": "1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb",
  },
};

/**
 * Installs helm: its project's archive. Where that cannot be had, a helm of the same major version on PATH serves, or Go
 * builds the same version, whose source Go's checksum database verifies.
 *
 * @returns the path of the program
 */
export async function fetchHelm(folder: string, release = helmRelease): Promise<string> {
  const path = join(folder, "helm");
  if (existsSync(path) && (await versionOf(path)) === release.version) return path;
  await mkdir(folder, { recursive: true });
  try {
    await unpack(path, release);
  } catch (error) {
    const why = errorText(error);
    const other = await otherHelm(release.version);
    if (other !== undefined) {
      process.stderr.write(`${why}: using ${other}\n`);
      return other;
    }
    await build(path, release.version, why);
  }
  return path;
}

/** The helm on PATH, if its major version is the same: the charts render alike. */
async function otherHelm(version: string): Promise<string | undefined> {
  const path = programOnPath("helm");
  const found = path === undefined ? undefined : await versionOf(path);
  return found !== undefined && majorOf(found) === majorOf(version) ? path : undefined;
}

function majorOf(version: string): string | undefined {
  return version.split(".", 1)[0];
}

async function versionOf(helm: string): Promise<string | undefined> {
  const { stdout } = await run(helm, ["version", "--template", "{{.Version}}"]).catch(() => ({ stdout: "" }));
  return stdout === "" ? undefined : stdout.trim();
}

async function unpack(path: string, { version, site, archives }: HelmRelease): Promise<void> {
  const digest = archives[`${process.platform}-${process.arch}`];
  if (digest === undefined) throw new UsageError(`no archive is pinned for ${process.platform} on ${process.arch}`);
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const scratch = await mkdtemp(`${path}-`);
  try {
    const archive = join(scratch, "helm.tar.gz");
    await download(`${site}/helm-${version}-${platform}.tar.gz`, digest, archive);
    await run("tar", ["-xzf", archive, "-C", scratch, `${platform}/helm`]);
    await rename(join(scratch, platform, "helm"), path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param why no archive could be had */
async function build(path: string, version: string, why: string): Promise<void> {
  const hasGo = await run("go", ["version"]).then(
    () => true,
    () => false,
  );
  if (!hasGo)
    throw new UsageError(`${why}. Put a helm ${majorOf(version)} on PATH, or install Go, which then builds it`);
  process.stderr.write(`${why}: building helm ${version} with Go, which takes minutes\n`);
  const scratch = await mkdtemp(`${path}-`);
  try {
    const flags = ["-trimpath", "-ldflags", `-s -w -X helm.sh/helm/v3/internal/version.version=${version}`];
    const env = { ...process.env, GOBIN: scratch, CGO_ENABLED: "0" };
    const install = ["install", ...flags, `helm.sh/helm/v3/cmd/helm@${version}`];
    await run("go", install, { env, maxBuffer: 2 ** 24 }).catch((error: unknown) => {
      const [, reason = ""] = errorText(error).trim().split("\n");
      throw new UsageError(
        `${why}. Go cannot build it either (${reason}). Put a helm ${majorOf(version)} on PATH, or set GOPROXY to a mirror`,
      );
    });
    await rename(join(scratch, "helm"), path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
