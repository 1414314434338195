import { fingerprint } from "../../lib/fingerprint.ts";
import type { S3Secrets } from "./schema.ts";

/** What a client of the site's S3 signs its requests with. */
export interface S3Keys {
  accessKey: string;
  secretKey: string;
  /** Changes with the keys and is not secret. */
  fingerprint: string;
}

/** The keys of a client: its own, otherwise those of all; undefined where there are none. */
export function s3KeysOf(secrets: S3Secrets | undefined, client: string): S3Keys | undefined {
  const { accessKey, secretKey } = secrets?.clients[client] ?? secrets ?? {};
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return { accessKey, secretKey, fingerprint: fingerprint([accessKey, secretKey], "s3") };
}
