import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a registry of a test has of one repository: digests by tag. */
export interface Repository {
  digests: Record<string, string>;
  /** Answers that come first instead, by their status. */
  failures?: number[];
  /** Tags of a page. @default 1000 */
  pageSize?: number;
  /** Whether answers name the digest. @default true */
  namesDigest?: boolean;
}

/** A registry that wants a token, as Docker Hub does; its host goes before a repository's path. */
export interface Registry {
  host: string;
  /** Each request that it was sent: method and path. */
  asked: string[];
  close: () => Promise<void>;
}

/** Text of the manifest of a tag, in place of one with layers. */
export const manifestText = (tag: string) => `{"tag":"${tag}"}`;

export async function startRegistry(repositories: Record<string, Repository>): Promise<Registry> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? ""}`);
    asked.push(`${request.method ?? ""} ${url.pathname}`);
    if (url.pathname === "/token") {
      response.end(JSON.stringify({ token: url.searchParams.get("scope") }));
      return;
    }
    const [, path = "", kind = "", name = ""] = /^\/v2\/(.+)\/(manifests|tags)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (request.headers.authorization !== `Bearer repository:${path}:pull`) {
      response.writeHead(401, {
        "www-authenticate": `Bearer realm="${url.origin}/token",service="test",scope="repository:${path}:pull"`,
      });
      response.end();
      return;
    }
    const repository = repositories[path];
    const failure = repository?.failures?.shift();
    const digest = repository?.digests[name];
    if (failure !== undefined || repository === undefined || (kind === "manifests" && digest === undefined)) {
      response.writeHead(failure ?? 404).end();
    } else if (kind === "tags") {
      const { pageSize = 1000 } = repository;
      const from = Number(url.searchParams.get("last") ?? 0);
      const tags = Object.keys(repository.digests);
      const link = `</v2/${path}/tags/list?last=${from + pageSize}>; rel="next"`;
      response.writeHead(200, from + pageSize < tags.length ? { link } : {});
      response.end(JSON.stringify({ tags: tags.slice(from, from + pageSize) }));
    } else {
      const named = digest !== undefined && repository.namesDigest !== false;
      response.writeHead(200, named ? { "docker-content-digest": digest } : {});
      response.end(request.method === "HEAD" ? undefined : manifestText(name));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error)))),
  };
}
