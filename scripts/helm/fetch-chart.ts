import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { isObject } from "../../lib/json.ts";
import { UsageError } from "../../lib/errors.ts";
import { withoutLogins } from "../../lib/urls.ts";
import { download, read } from "./download.ts";

/** A chart in a repository, or a package's own address. */
export interface ChartPackage {
  name: string;
  version: string;
  /** sha256 of the package. */
  digest: string;
  /** URL of a chart repository or of a package; it may have a login. */
  repository: string;
}

/** A version as a repository's index lists it. */
interface Listed {
  digest: unknown;
  url: string;
}

/** The package of a chart whose digest is not known, as the site publishes it. */
export async function chartPackage(chart: Omit<ChartPackage, "digest">): Promise<Buffer> {
  return read(await addressOf(chart));
}

/** Fetches a chart's package unless the file has it. */
export async function fetchChart(chart: ChartPackage, target: string): Promise<void> {
  const { digest } = chart;
  if (existsSync(target) && createHash("sha256").update(readFileSync(target)).digest("hex") === digest) return;
  await download(await addressOf(chart), digest, target);
}

async function addressOf({ name, version, repository }: Omit<ChartPackage, "digest">): Promise<string> {
  if (repository.endsWith(".tgz")) return repository;
  const index = `${repository.replace(/\/+$/, "")}/index.yaml`;
  const listed = listedVersion(parse((await read(index)).toString("utf8")), { name, version, repository });
  if (listed === undefined) throw new UsageError(`${withoutLogins(index)} does not list ${name} ${version}`);
  return withLoginOf(repository, listed.url);
}

/** The index may name its own host in full; no other host gets the login. */
function withLoginOf(repository: string, address: string): string {
  const [from, to] = [new URL(repository), new URL(address)];
  if (from.origin === to.origin) {
    to.username = from.username;
    to.password = from.password;
  }
  return to.href;
}

/** A version in a repository's index; undefined: it is not listed. */
export function listedVersion(index: unknown, chart: Omit<ChartPackage, "digest">): Listed | undefined {
  const entries = isObject(index) && isObject(index.entries) ? index.entries[chart.name] : undefined;
  const versions = Array.isArray(entries) ? entries.filter(isObject) : [];
  const found = versions.find(({ version }) => version === chart.version);
  const url: unknown = Array.isArray(found?.urls) ? found.urls[0] : undefined;
  if (found === undefined) return undefined;
  return { digest: found.digest, url: new URL(String(url), `${chart.repository.replace(/\/+$/, "")}/`).href };
}
