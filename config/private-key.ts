/** Why a text is not a whole private key in PEM; undefined: it is one. */
export function whyCut(text: string): string | undefined {
  const [, label] = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text) ?? [];
  if (label === undefined)
    return text.includes("PUBLIC KEY") || text.startsWith("ssh-") ? "a public key" : "no private key";
  if (!text.includes(`-----END ${label}-----`)) return "a private key without its end";
  const isWhole = new RegExp(`^\\s*-----BEGIN ${label}-----\\r?\\n[\\s\\S]*\\S\\r?\\n-----END ${label}-----\\s*$`).test(
    text,
  );
  return isWhole ? undefined : "a private key that has lost its line breaks, or with other text around it";
}
