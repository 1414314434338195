import type { CloudPolicy } from "../../../cloud-policy.ts";
import { annotations, plaintextProblems } from "./endpoints.ts";
import { trustProblems, wildcardProblems } from "./identity.ts";
import { privacy, versions } from "./storage.ts";

/** What the policy knows of Google Cloud. */
export const gkePolicy: CloudPolicy = {
  // Sources: https://cloud.google.com/iam/docs/keys-create-delete, https://cloud.google.com/docs/authentication/api-keys
  keyForms: {
    "a key of a Google service account": /"private_key"\s*:\s*"-----BEGIN/,
    "a Google API key": /\bAIza[\w-]{35}\b/,
  },
  annotations,
  checks: {
    "no-public-plaintext": { evaluate: plaintextProblems },
    "no-iam-wildcards": { evaluate: wildcardProblems },
    "trust-names-subject-and-audience": { evaluate: trustProblems },
    "storage-not-public": { evaluate: privacy },
    // Google encrypts everything at rest: https://cloud.google.com/docs/security/encryption/default-encryption
    "storage-encrypted": {},
    "storage-versioned": { evaluate: versions },
  },
  allowed: [],
  exceptions: [],
};
