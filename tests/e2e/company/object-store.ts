import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Tls } from "./company.ts";
import { type Server, startServer } from "./server.ts";

/** An S3 that is not MinIO, with one bucket. */
export interface ObjectStore extends Server {
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
  /** Paths of all objects. */
  objects: () => Promise<string[]>;
}

export async function startObjectStore(
  binary: string,
  folder: string,
  { host, port }: { host: string; port: number },
  tls: Tls,
): Promise<ObjectStore> {
  const [data, metadata] = [join(folder, "objects"), join(folder, "metadata")];
  const given = { region: "north-1", bucket: "ml-platform", accessKey: "company-key", secretKey: "company-secret" };
  await mkdir(join(data, given.bucket), { recursive: true });
  await mkdir(metadata);
  const options = ["--port", `${host}:${port}`, "--region", given.region, "--quiet"];
  const server = await startServer(
    [binary, ...options, "--cert", tls.certificateFile, "--key", tls.keyFile, "posix", "--sidecar", metadata, data],
    { host, port },
    { ROOT_ACCESS_KEY: given.accessKey, ROOT_SECRET_KEY: given.secretKey },
  );
  return {
    ...server,
    ...given,
    endpoint: `https://${host}:${port}`,
    objects: async () => {
      const entries = await readdir(join(data, given.bucket), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    },
  };
}
