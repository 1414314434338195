import bcrypt from "bcryptjs";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { at } from "../../../lib/json.ts";
import { basicAuthorization } from "../../../scripts/verify/interfaces.ts";
import { freePort } from "../../free-port.ts";
import { fields } from "../../program/registrations.ts";
import type { ImageStore } from "../node.ts";
import { type Server, startServer } from "./server.ts";

export interface Login {
  user: string;
  password: string;
}

/** A registry that gives nothing to clients without its login. */
export interface Registry extends Server {
  host: string;
  /** Puts an image of the node into it under a name that begins with its host. */
  push: (image: string, name: string) => Promise<void>;
  /** Removes from the node what it has pulled. */
  remove: () => Promise<void>;
}

/** Starts Debian's registry; container engines speak HTTP with one of their own machine. */
export async function startRegistry(folder: string, login: Login, store: ImageStore): Promise<Registry> {
  const address = { host: "127.0.0.1", port: await freePort() };
  const host = `${address.host}:${address.port}`;
  const users = join(folder, "registry-users");
  await writeFile(users, `${login.user}:${await bcrypt.hash(login.password, 4)}\n`);
  const file = join(folder, "registry.yaml");
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "registry") } },
    http: { addr: host },
    auth: { htpasswd: { realm: "company", path: users } },
  };
  await writeFile(file, stringify(config));
  const server = await startServer(["docker-registry", "serve", file], address);
  return {
    ...server,
    host,
    push: async (image, name) => {
      await store.push(image, name, login);
      await labelled(host, name, login);
    },
    remove: async () => {
      for (const name of await store.names(host)) await store.remove(name);
    },
  };
}

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/**
 * Gives an image of the registry a label, so that it is another one than the node's: the kubelet lets no pod without the
 * login use an image that it has pulled with one, under whatever name, and later tests have no login.
 */
async function labelled(host: string, name: string, login: Login): Promise<void> {
  const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(name) ?? [];
  const authorization = basicAuthorization(login);
  const call = async (url: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) => {
    const response = await fetch(url, { ...init, headers: { ...init.headers, authorization } });
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const base = `http://${host}/v2/${repository}`;
  const read = async (url: string): Promise<Record<string, unknown>> => {
    const content: unknown = await (await call(url, { headers: { accept: manifestType } })).json();
    return fields(content);
  };
  const manifest = await read(`${base}/manifests/${tag}`);
  const content = await read(`${base}/blobs/${String(at(manifest, "config.digest"))}`);
  const config = { ...fields(content.config), Labels: { ...fields(at(content, "config.Labels")), company: "yes" } };
  const blob = JSON.stringify({ ...content, config });
  const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
  const upload = await call(`${base}/blobs/uploads/`, { method: "POST" });
  const target = new URL(upload.headers.get("location") ?? "", base);
  target.searchParams.set("digest", digest);
  await call(target.href, { method: "PUT", body: blob, headers: { "content-type": "application/octet-stream" } });
  const body = JSON.stringify({
    ...manifest,
    config: { ...fields(manifest.config), digest, size: Buffer.byteLength(blob) },
  });
  await call(`${base}/manifests/${tag}`, { method: "PUT", body, headers: { "content-type": manifestType } });
}
