import { documentIn } from "../lib/json.ts";

/** Names of secret values, with any prefix. */
const secretName =
  /(?:password|passwd|passphrase|(?:^|[-_.])(?:secret|secret[-_]?key|token|api[-_]?key|private[-_]?key|access[-_]?key))$/i;
/** Airflow's ways to name where a secret is: a command, or an entry of the secrets backend. */
const secretElsewhere = /[-_](?:cmd|secret)$/i;
/** `scheme://user:password@host`. */
const urlWithPassword = /[a-z][-+.\w]*:\/\/[^/\s:@]*:[^/\s@]+@/i;
/** Beginnings that only secrets have: private keys, access keys of AWS, tokens of GitHub, GitLab and Slack. */
const secretBeginning =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bglpat-[-\w]{20}|\bxox[abpr]-/;

/**
 * Why an entry is most likely a secret, by its name or its value; undefined where nothing speaks for it.
 *
 * @param name the last part of its key
 */
export function whySecret(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) return first(value.map((item) => whySecret(name, item)));
  if (typeof value === "object" && value !== null) {
    return first(Object.entries(value).map(([key, item]) => whySecret(key, item)));
  }
  if (typeof value !== "string" || value === "") return undefined;
  if (urlWithPassword.test(value)) return "a URL with a password";
  if (secretBeginning.test(value)) return "a key or token";
  if (isSecretName(name)) return `a value whose name, ${name}, is that of a secret`;
  // Keyword arguments and connections are JSON in a text.
  const document = documentIn(value);
  return document === undefined ? undefined : whySecret("", document);
}

/** What a value is, where its text may be a secret. */
export function kindOfValue(value: unknown): string {
  if (typeof value === "string") return "a text";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function isSecretName(name: string): boolean {
  return secretName.test(name) && !(secretElsewhere.test(name) && secretName.test(name.replace(secretElsewhere, "")));
}

function first(found: readonly (string | undefined)[]): string | undefined {
  return found.find((reason) => reason !== undefined);
}

/**
 * Whether a text is as random as a key or a token: at least 20 letters and digits without a break, of both cases, with
 * the entropy that words and paths do not have.
 */
export function looksRandom(text: string): boolean {
  if (!/^[\w+/=.~-]{20,}$/.test(text) || !/\d/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false;
  const counts = Map.groupBy(text, (letter) => letter);
  const bits = [...counts.values()].map(({ length }) => -(length / text.length) * Math.log2(length / text.length));
  return bits.reduce((sum, one) => sum + one, 0) > 4;
}
