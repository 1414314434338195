import bcrypt from "bcryptjs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort } from "../../free-port.ts";
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
    push: (image, name) => store.push(image, name, login),
  };
}
