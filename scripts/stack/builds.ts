// scripts/stack/builds.ts STACK prints what a build of images for a stack has to know, as JSON: the platforms of the
// cluster's machines, the mirrors of base images, the proxy and the certificate authorities of the site.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodePlatforms } from "../../components/own-images/node-platforms.ts";
import { mirrored } from "../../components/images.ts";
import { caBundle } from "../../components/site/ca-certificates.ts";
import { parseValues } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import { problemsOf } from "../../config/problems/issues.ts";
import { configSchema } from "../../config/schema.ts";
import { readCommand, runScript } from "../../lib/command-line.ts";
import { basesOf } from "../../lib/docker/dockerfile.ts";
import { at } from "../../lib/json.ts";
import { readStack } from "../../preview/stack.ts";

const top = join(import.meta.dirname, "../..");

/** The keys that a build reads; the others may still be missing when images are pushed. */
const keys = { imageMirror: true, imageMirrors: true, proxy: true, caCertificates: true } as const;
const siteSchema = configSchema.pick(keys);

function main(all: string[]): void {
  const [stack = "minikube"] = readCommand(all, {}).args;
  const { project, config } = readStack(top, stack);
  const values = parseValues(config, project);
  const site = siteSchema.safeParse(Object.fromEntries(Object.keys(keys).map((key) => [key, values[key]])));
  if (!site.success) throw new ConfigError(problemsOf(site.error, values), stack);
  const { imageMirror, imageMirrors, proxy, caCertificates } = site.data;
  const mirrors = { all: imageMirror, of: imageMirrors };
  const moved = bases().map((base) => [base, mirrored(base, mirrors)] as const);
  const found = {
    platforms: nodePlatforms(values.cluster),
    bases: Object.fromEntries(moved.filter(([base, mirror]) => base !== mirror)),
    proxy: { HTTP_PROXY: proxy?.http, HTTPS_PROXY: proxy?.https, NO_PROXY: proxy?.no.join(",") },
    proxyLogin: at(values.secrets, "proxy") !== undefined,
    authorities: Object.values(caBundle({ caCertificates }) ?? {})[0],
  };
  console.log(JSON.stringify(found));
}

/** The public images that the platform's own images begin with. */
function bases(): string[] {
  const paths = globSync("images/*/Dockerfile", { cwd: top });
  return [...new Set(paths.flatMap((path) => basesOf(readFileSync(join(top, path), "utf8"))))].toSorted();
}

await runScript("scripts/stack/builds.ts", main);
