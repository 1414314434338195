import type { StorageClient } from "./clients.ts";
import { secretFolder } from "./provision-job.ts";

/** The one bucket; each client has a prefix of it. */
export const bucket = "mlops";

/** User of the console who may do everything. */
export const rootUser = "admin";

/**
 * MinIO takes no name of less than three characters, and a client may be called as the root user is.
 *
 * Each generation is a user of its own: pods that run keep theirs until `provision minio --retire` removes it.
 */
export function userOf(client: StorageClient, generation: number): string {
  return `${bucket}-${client.name}_g${generation}`;
}

/** What `provision minio` reads; passwords are files beside it. */
export function storageSpec(endpoint: string, clients: StorageClient[], generation: number): object {
  return {
    endpoint,
    accessKeyFile: `${secretFolder("root")}/user`,
    secretKeyFile: `${secretFolder("root")}/password`,
    buckets: [{ name: bucket, versioned: false, expireDays: null }],
    users: clients.map((client) => ({
      name: userOf(client, generation),
      secretKeyFile: `${secretFolder("users")}/${userOf(client, generation)}`,
      access: [{ bucket, prefix: client.prefix, mode: "readWrite" }],
    })),
  };
}
