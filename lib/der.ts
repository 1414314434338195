/**
 * Encodes one value in DER, the encoding of X.509 certificates.
 *
 * Source: ITU-T X.690, 8.1 and 10.1
 *
 * @param tag identifier octet, e.g. 0x30 for a SEQUENCE
 * @param contents what the value consists of, one after the other
 */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf(content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.from([content.length]);
  const hex = content.length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...contents: Uint8Array[]): Buffer => der(0x30, ...contents);
export const set = (...contents: Uint8Array[]): Buffer => der(0x31, ...contents);
export const octetString = (...contents: Uint8Array[]): Buffer => der(0x04, ...contents);
export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));

/** A value with a tag of its own around it, e.g. `[3]`. */
export const explicit = (tag: number, ...contents: Uint8Array[]): Buffer => der(0xa0 | tag, ...contents);

/** A string of octets under a tag of its own, e.g. `[2]`. */
export const implicit = (tag: number, content: Uint8Array): Buffer => der(0x80 | tag, content);

/** @param unusedBits how many of the last octet's low bits mean nothing */
export const bitString = (content: Uint8Array, unusedBits = 0): Buffer => der(0x03, Buffer.from([unusedBits]), content);

/** @param magnitude a positive number, big-endian, without leading zeros */
export const integer = (magnitude: Uint8Array): Buffer =>
  der(0x02, Buffer.alloc((magnitude[0] ?? 0x80) >= 0x80 ? 1 : 0), magnitude);

/** @param time from 1950 to 2049; later ones need another type */
export const utcTime = (time: Date): Buffer =>
  der(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));

/** @param dotted e.g. `2.5.29.17` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const high = Math.floor(value / 0x80);
  const low = value % 0x80;
  return high === 0 ? [low] : [...base128(high).map((octet) => octet | 0x80), low];
}
