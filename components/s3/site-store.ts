import type { Secrets } from "../../config.ts";
import { type S3Config, serviceNamespace } from "../../config/s3/schema.ts";
import type { StorageClient } from "../clients.ts";
import type { ObjectStorage, StorageAccess } from "../cluster/cluster.ts";
import { sha256 } from "../objects/rollout.ts";
import { anywhere, type Destination, destinationsOf, type IpFamily, portOf } from "../network/egress.ts";

/**
 * The S3 of the site: the program creates nothing in it.
 *
 * @param keysOf the keys of a client
 */
export function siteStore(s3: S3Config, clients: StorageClient[], keysOf: Secrets["s3"]): ObjectStorage {
  const access = clients.map((client) => [client.name, accessOf(s3, client, keysOf(client.name))] as const);
  return { access: Object.fromEntries(access), ready: [] };
}

function accessOf(
  { endpoint, bucket, prefix, region }: S3Config,
  client: StorageClient,
  { accessKey, secretKey, fingerprint }: ReturnType<Secrets["s3"]>,
): StorageAccess {
  const uri = ["s3:/", bucket, ...(prefix === "" ? [] : [prefix]), client.prefix].join("/");
  const environment = {
    AWS_ENDPOINT_URL_S3: endpoint,
    // Each of them is read by some SDKs alone.
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // The SDKs' default adds checksums that many servers other than AWS's refuse.
    AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
  };
  const content = JSON.stringify([uri, environment, fingerprint]);
  return {
    uri,
    environment,
    secretEnvironment: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    accountAnnotations: {},
    fingerprint: sha256(content).slice(0, 16),
  };
}

/** Where the pods connect: what the site names, otherwise the endpoint's port at the only addresses that are known. */
export function siteStoreDestinations(s3: S3Config, families: readonly IpFamily[]): Destination[] {
  if (s3.egress !== undefined) return destinationsOf(s3.egress, families);
  const ports = [portOf(new URL(s3.endpoint))];
  const namespace = serviceNamespace(s3);
  return namespace === undefined ? anywhere(ports, families) : [{ to: { namespace }, ports }];
}
