import type { Registration } from "../lib/recording.ts";

/** Whether an input is secret by itself or by something around it, e.g. `isSecret(secret, "stringData.password")`. */
export function isSecret({ secretPaths }: Registration, path: string): boolean {
  return secretPaths.some(
    (secret) => path === secret || (path.startsWith(secret) && /^[.[]/.test(path.slice(secret.length))),
  );
}
