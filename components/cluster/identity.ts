import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import type { ExistingConfig } from "../../config/cluster.ts";
import type { StorageClient } from "../clients.ts";
import type { ClusterTraits, ObjectStorage } from "./cluster.ts";
import { eksIdentityStorage } from "./eks-identity.ts";

export interface IdentityArgs {
  identity: ExistingConfig["identity"];
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Labels or tags of the cloud's resources. */
  labels: Config["labels"];
}

interface IdentityStorage {
  traits: Partial<ClusterTraits>;
  objectStorage: ObjectStorage;
}

/**
 * The bucket of a cluster that is there already, by the identity that its cloud gives service accounts.
 *
 * @param name of the cloud's provider, and beginning of the other names
 * @param opts with the parent
 * @throws ConfigError for an identity that the schema knows and this version does not make yet
 */
export function identityStorage(
  name: string,
  { identity, ...args }: IdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage | undefined {
  if (identity === undefined) return undefined;
  if (identity.kind === "eks") return eksIdentityStorage(name, identity, args, opts);
  const fix = "pulumi config rm --path 'cluster.identity'";
  const found = JSON.stringify(identity.kind);
  throw new ConfigError([{ key: "cluster.identity.kind", found, allowed: "eks in this version", fix }]);
}
