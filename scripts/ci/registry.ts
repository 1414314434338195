// A client of registries, by the HTTP API that all of them speak, without a login.
import { createHash } from "node:crypto";
import { parseReference } from "../../config/image-tag.ts";
import { isObject } from "../../lib/json.ts";

type Get = typeof fetch;

/** A registry's answer about an image: its digest, or why it cannot be pulled. */
type Manifest = { digest: string; problem?: never } | { digest?: never; problem: string };

const manifests = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The API's address of a repository; a registry on this machine is asked without TLS, as runtimes do. */
function addressOf(repository: string): { path: string; url: string } {
  const slash = repository.indexOf("/");
  const host = repository.slice(0, slash);
  const path = repository.slice(slash + 1);
  const scheme = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host) ? "http" : "https";
  return { path, url: `${scheme}://${host === "docker.io" ? "registry-1.docker.io" : host}/v2/${path}` };
}

/**
 * Asks a registry, and with a token where it wants one.
 *
 * @param scope repository that the token is for
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
async function request(url: string, init: { method: string; scope: string }, get: Get): Promise<Response> {
  const send = (headers: Record<string, string>) =>
    get(url, { method: init.method, headers: { accept: manifests, ...headers } });
  const first = await send({});
  if (first.status !== 401) return first;
  const token = await get(tokenUrl(first.headers.get("www-authenticate") ?? "", init.scope));
  if (!token.ok) throw new Error(`no token: HTTP ${token.status}`);
  const body: unknown = await token.json();
  const value = isObject(body) ? (body.token ?? body.access_token) : undefined;
  return send({ authorization: `Bearer ${String(value)}` });
}

function tokenUrl(challenge: string, path: string): string {
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const query = new URLSearchParams({ scope: field("scope") ?? `repository:${path}:pull` });
  const service = field("service");
  if (service !== undefined) query.set("service", service);
  return `${field("realm") ?? ""}?${query.toString()}`;
}

/** Asks for an image's manifest: of an image for several processors, the digest is that of all of them. */
export async function manifestOf(image: string, get: Get = fetch): Promise<Manifest> {
  const { repository, tag, digest } = parseReference(image) ?? { repository: "/" };
  const { path, url } = addressOf(repository);
  const at = `${url}/manifests/${digest ?? tag ?? "latest"}`;
  const answer = await request(at, { method: "HEAD", scope: path }, get);
  if (!answer.ok) return { problem: `HTTP ${answer.status}` };
  const named = answer.headers.get("docker-content-digest");
  if (named !== null) return isDigest(named) ? { digest: named } : { problem: `its digest is ${named}` };
  const whole = await request(at, { method: "GET", scope: path }, get);
  if (!whole.ok) return { problem: `HTTP ${whole.status}` };
  return {
    digest: `sha256:${createHash("sha256")
      .update(new Uint8Array(await whole.arrayBuffer()))
      .digest("hex")}`,
  };
}

const isDigest = (text: string) => /^sha256:[0-9a-f]{64}$/.test(text);

/** Pages of 1,000 tags at most: Docker Hub's largest repository has fewer. */
const mostPages = 100;

/**
 * Every tag of a repository.
 *
 * @throws Error where the registry does not answer with tags
 */
export async function tagsOf(repository: string, get: Get = fetch): Promise<string[]> {
  const { path, url } = addressOf(repository);
  const tags: string[] = [];
  let next: string | undefined = `${url}/tags/list?n=1000`;
  for (let page = 0; next !== undefined && page < mostPages; page += 1) {
    const answer: Response = await request(next, { method: "GET", scope: path }, get);
    if (!answer.ok) throw new Error(`tags: HTTP ${answer.status}`);
    const body: unknown = await answer.json();
    const listed = isObject(body) && Array.isArray(body.tags) ? body.tags : [];
    tags.push(...listed.map(String));
    const [, link] = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "") ?? [];
    next = link === undefined ? undefined : new URL(link, next).href;
  }
  return tags;
}

/** Three times: a registry that is slow for a moment has lost nothing. */
export async function withRetries<Answer>(
  check: () => Promise<Answer>,
  isPassing: (answer: Answer) => boolean,
  pauseMilliseconds = 5_000,
): Promise<Answer> {
  for (let left = 2; ; left -= 1) {
    try {
      const answer = await check();
      if (!isPassing(answer) || left === 0) return answer;
    } catch (error) {
      if (left === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}

/** Whether another try may help: what a registry refuses stays refused, too many requests do not. */
export function isTemporaryProblem(problem: string | undefined): boolean {
  return problem !== undefined && !/HTTP 4(?!29)/.test(problem);
}

/** `fetch failed` alone says nothing: its cause has the name or the address. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
