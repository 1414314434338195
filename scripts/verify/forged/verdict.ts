import { failed, ok, type Outcome } from "../check.ts";

/** What became of one forged request. */
export interface Sent {
  /** Such as `PutObject, the key in the query`. */
  request: string;
  /** Whose key it claims to have. */
  client: string;
  status: number;
  /** S3's own word for an error. */
  code: string;
}

const refusals = [400, 401, 403, 405, 411, 412, 501];
const shown = 6;

/**
 * Whether an answer means that the request came past the signature.
 *
 * All that the requests name is there, or is known not to be: who hears that something is not found was let in. An
 * error may come with 200, as S3 answers a list of deletions.
 */
export function isAccepted({ status, code }: Pick<Sent, "status" | "code">): boolean {
  return (status < 400 && code === "") || status === 404 || status === 409;
}

/** @param damage what the owner finds changed, in words */
export function verdict(sent: Sent[], damage: string[]): Outcome {
  const taken = sent.filter(isAccepted);
  const words = [...taken.map(describe), ...damage];
  if (words.length > 0) {
    const counted = `${taken.length} of ${sent.length} unsigned requests`;
    return failed(`the object store accepts ${counted}: ${some(words)}`, fix);
  }
  const unclear = sent.filter(({ status, code }) => !refusals.includes(status) && !(status < 400 && code !== ""));
  if (unclear.length > 0) {
    const seen = `the object store neither accepts nor rejects ${unclear.length} of ${sent.length} forged requests: ${some(unclear.map(describe))}`;
    return failed(seen, "kubectl logs minio-0 shows how it handled them");
  }
  const clients = [...new Set(sent.map(({ client }) => client))];
  return ok(`${sent.length} forged requests with the keys of ${clients.join(", ")}: all refused`);
}

const fix =
  "anyone who reaches its port can read and write without a secret: remove minio.image, whose default rejects all of them, or " +
  "set a release that does (pgsty/silo since RELEASE.2026-09-16T00-00-00Z); run make up; then check the store as " +
  "docs/operations.md describes";

function describe({ request, client, status, code }: Sent): string {
  return `${request} (${client}): ${status}${code === "" ? "" : ` ${code}`}`;
}

function some(words: string[]): string {
  const rest = words.length - shown;
  return words.slice(0, shown).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
