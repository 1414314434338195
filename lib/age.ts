import { bech32 } from "@scure/base";

/**
 * Whether a text is an age public key: a mistyped one would be found by the first backup alone.
 *
 * Source: https://age-encryption.org/v1 (Bech32 as in BIP 173, of 32 bytes).
 */
export function isAgeRecipient(text: string): boolean {
  const { prefix, words = [] } = bech32.decodeUnsafe(text) ?? {};
  // Bech32 allows capitals, but age writes and reads public keys only in lower case.
  return text === text.toLowerCase() && prefix === "age" && bech32.fromWordsUnsafe(words)?.length === 32;
}
