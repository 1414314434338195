import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EksIdentity } from "./data/schema.ts";
import type { IdentityStorage, IdentityStorageArgs } from "../constructor.ts";
import type { ObjectStorage } from "../cluster.ts";
import { EksStorage } from "./eks-storage.ts";
import { tagsOf } from "./eks-tags.ts";
import { eksIdentityCapabilities } from "./eks-capabilities.ts";

/**
 * A bucket and roles for an existing EKS cluster.
 *
 * The issuer of its tokens and the account are parts of the provider's ARN. The objects are kept: of what the program
 * did not make, it does not know how much it may lose.
 */
export function eksIdentityStorage(
  name: string,
  { name: prefix, region, oidcProviderArn: arn }: EksIdentity,
  { clients, labels }: IdentityStorageArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage {
  const capabilities = eksIdentityCapabilities({ region });
  const provider = new aws.Provider(name, { region, defaultTags: { tags: tagsOf(labels) } }, opts);
  const [account = "", issuer = ""] = [/::(\d{12}):/, /oidc-provider\/(.+)$/].map((part) => part.exec(arn)?.[1]);
  const storage = new EksStorage(
    `${name}-storage`,
    {
      bucketName: `${prefix}-${account}-${region}`,
      clients,
      oidc: { arn, issuer },
      rolePath: `/${prefix}/`,
      environment: capabilities.storageEnvironment ?? {},
      deletionProtection: true,
    },
    { ...opts, providers: [provider] },
  );
  const objectStorage: ObjectStorage = storage.objectStorage;
  return { capabilities, objectStorage };
}
