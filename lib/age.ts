const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** "age", as the checksum takes it: the high bits of each letter, a zero, the low bits. */
const prefix = [3, 3, 3, 0, 1, 7, 5];
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/**
 * Whether a text is an age public key: a mistyped one would be found by the first backup alone.
 *
 * Source: https://age-encryption.org/v1 (Bech32 as in BIP 173, of 32 bytes).
 */
export function isAgeRecipient(text: string): boolean {
  const [, data = ""] = /^age1([a-z0-9]{58})$/.exec(text) ?? [];
  const values = Array.from(data, (letter) => alphabet.indexOf(letter));
  if (data === "" || values.includes(-1)) return false;
  return checksum([...prefix, ...values]) === 1;
}

function checksum(values: number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >>> 25;
    const shifted = ((sum & 0x1ffffff) << 5) ^ value;
    return generators.reduce((mixed, generator, i) => ((top >>> i) & 1 ? mixed ^ generator : mixed), shifted);
  }, 1);
}
