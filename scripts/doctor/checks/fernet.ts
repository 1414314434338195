import { createHmac, timingSafeEqual } from "node:crypto";

const keyBytes = 32;
const signatureBytes = 32;

/**
 * Whether one of several Fernet keys has encrypted a token; nothing is decrypted for it.
 *
 * The first half of a key signs the token, and the signature is the token's end.
 * Source: https://github.com/fernet/spec/blob/master/Spec.md
 *
 * @param keys as Airflow reads them: each in the base64 of URLs, with commas between them
 */
export function isOfKey(token: string, keys: string): boolean {
  const bytes = Buffer.from(token, "base64url");
  const signed = bytes.subarray(0, -signatureBytes);
  const signature = bytes.subarray(-signatureBytes);
  if (bytes.length <= signatureBytes) return false;
  return keysOf(keys).some((key) => {
    const expected = createHmac("sha256", key.subarray(0, keyBytes / 2))
      .update(signed)
      .digest();
    return timingSafeEqual(expected, signature);
  });
}

/** Whether a text is one Fernet key or several. */
export function isFernetKey(text: string): boolean {
  return text.split(",").every((key) => Buffer.from(key.trim(), "base64url").length === keyBytes);
}

function keysOf(text: string): Buffer[] {
  return text.split(",").map((key) => Buffer.from(key.trim(), "base64url"));
}
