import { createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

/**
 * Whether a password is the one that Postgres keeps a verifier of.
 *
 * The check does not log in, so no log shows an attempt. It supports ASCII passwords, as all of the platform's are.
 * Source: https://www.rfc-editor.org/rfc/rfc5802#section-3
 *
 * @param verifier `rolpassword` of pg_authid: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`
 */
export function isPassword(password: string, verifier: string): boolean {
  const [, iterations, salt, serverKey] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$[^:]+:(.+)$/.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined || serverKey === undefined) return false;
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  const expected = createHmac("sha256", salted).update("Server Key").digest();
  const kept = Buffer.from(serverKey, "base64");
  return kept.length === expected.length && timingSafeEqual(kept, expected);
}
