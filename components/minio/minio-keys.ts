import type * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../objects/generated-password.ts";

/** The keys with which a user of MinIO signs requests; both are random and secret. */
export interface Keys {
  accessKey: pulumi.Output<string>;
  secretKey: pulumi.Output<string>;
}

/** As long as AWS's own keys, which every client accepts. */
const accessKeyLength = 20;
const secretKeyLength = 32;

/**
 * Generates the keys of one user.
 *
 * An access key that is a name would be known to everybody, and a server that has to be asked for nothing but the secret
 * is one fault away from asking for nothing.
 *
 * @param names of the two random resources; the secret key's is as old as the platform
 * @param generation a higher number generates both again
 */
export function generateKeys(
  names: { accessKey: string; secretKey: string },
  generation: number,
  child: pulumi.CustomResourceOptions,
): Keys {
  const generated = (name: string, length: number) => generatedPassword(name, { generation, length }, child).password;
  return {
    accessKey: generated(names.accessKey, accessKeyLength),
    secretKey: generated(names.secretKey, secretKeyLength),
  };
}
