import * as pulumi from "@pulumi/pulumi";
import type { StorageClient } from "../clients.ts";
import { generateKeys, type Keys } from "./minio-keys.ts";
import { metricsToken } from "./minio-metrics.ts";
import { secretFolder } from "../objects/provision-job.ts";

/** The one bucket; each client has a prefix of it. */
export const bucket = "mlops";

/** A user of one client, in one generation. */
interface StorageUser extends Keys {
  /** Its policy, by which `provision minio --retire` knows the users of earlier generations. */
  policy: string;
  /** Its files among the Job's Secrets, without their endings. */
  file: string;
  /** Everything that it reaches; undefined: the server's metrics alone. */
  prefix: string | undefined;
}

export interface ClientUser extends StorageUser {
  client: StorageClient;
}

/**
 * The user of each client: pods that run keep that of their generation until it is retired.
 *
 * @param name of the server
 */
export function clientUsers(
  name: string,
  clients: StorageClient[],
  generation: number,
  child: pulumi.CustomResourceOptions,
): ClientUser[] {
  return clients.map((client) => {
    const keys = { accessKey: `${name}-access-${client.name}`, secretKey: `${name}-user-${client.name}` };
    const policy = `${bucket}-${client.name}`;
    const file = `${policy}_g${generation}`;
    return { client, policy, file, prefix: client.prefix, ...generateKeys(keys, generation, child) };
  });
}

/** The user that Prometheus reads the server's metrics as. No client has its name: theirs have no underscore. */
export function metricsUser(name: string, generation: number, child: pulumi.CustomResourceOptions): StorageUser {
  const keys = { accessKey: `${name}-metrics-access`, secretKey: `${name}-metrics` };
  const policy = `${bucket}_metrics`;
  return { policy, file: `${policy}_g${generation}`, prefix: undefined, ...generateKeys(keys, generation, child) };
}

export function tokenOf({ accessKey, secretKey }: Keys): pulumi.Output<string> {
  return pulumi.secret(pulumi.all([accessKey, secretKey]).apply(([access, secret]) => metricsToken(access, secret)));
}

/** The Secret of the Job: both keys of each user as files. */
export function keyFiles(users: StorageUser[]): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    users.flatMap(({ file, accessKey, secretKey }) => [
      [`${file}.access-key`, accessKey],
      [`${file}.secret-key`, secretKey],
    ]),
  );
}

/**
 * What `provision minio` reads; keys are files beside it.
 *
 * @param platform whose bucket it is
 */
export function storageSpec(endpoint: string, platform: { id: string; stack: string }, users: StorageUser[]): object {
  return {
    endpoint,
    accessKeyFile: `${secretFolder("root")}/user`,
    secretKeyFile: `${secretFolder("root")}/password`,
    platform,
    buckets: [{ name: bucket, versioned: false, expireDays: null }],
    users: users.map(({ policy, file, prefix }) => ({
      name: policy,
      accessKeyFile: `${secretFolder("users")}/${file}.access-key`,
      secretKeyFile: `${secretFolder("users")}/${file}.secret-key`,
      ...(prefix === undefined ? { metrics: true } : { access: [{ bucket, prefix, mode: "readWrite" }] }),
    })),
  };
}
