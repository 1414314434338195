import { hashSync } from "bcryptjs";
import { createHash, randomBytes, randomInt } from "node:crypto";

/** Where generated values come from. */
export interface RandomSource {
  bytes: (name: string, length: number) => Buffer;
  /** Letters and digits; a placeholder has hyphens too, so that it reads as one. */
  text: (name: string, length: number) => string;
  /** A bcrypt hash of a text. */
  bcrypt: (name: string, text: string) => string;
}

/** The same value for a name at each run, another for each other name; nothing that a real system would use. */
export const placeholders: RandomSource = {
  bytes: (name, length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(i === 0 ? name : `${name}:${i}`));
    return Buffer.concat(blocks).subarray(0, length);
  },
  text: (name) => `secret-${name}-${sha256(name).toString("hex").slice(0, 8)}`,
  bcrypt: (name) => `$2a$10$${sha256(`bcrypt:${name}`).toString("hex").slice(0, 53)}`.padEnd(60, "."),
};

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Real random values from the operating system. */
export const generated: RandomSource = {
  bytes: (_, length) => randomBytes(length),
  text: (_, length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(""),
  bcrypt: (_, text) => hashSync(text, 10),
};

/** Generated values by the resource that keeps them. */
export type GeneratedValues = Map<string, string>;

/** Generates once for each resource, as a state does: the same name with the same inputs keeps its values. */
export function memoized(values: GeneratedValues, resource: string): RandomSource {
  const once = (what: string, generate: () => string): string => {
    const key = `${resource} ${what}`;
    const value = values.get(key) ?? generate();
    values.set(key, value);
    return value;
  };
  return {
    bytes: (name, length) =>
      Buffer.from(
        once("bytes", () => generated.bytes(name, length).toString("base64")),
        "base64",
      ),
    text: (name, length) => once("text", () => generated.text(name, length)),
    bcrypt: (name, text) => once("bcrypt", () => generated.bcrypt(name, text)),
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A version 4 UUID from 16 bytes. */
export function uuidOf(bytes: Buffer): string {
  const copy = Buffer.from(bytes);
  copy.writeUInt8((copy.readUInt8(6) & 0x0f) | 0x40, 6);
  copy.writeUInt8((copy.readUInt8(8) & 0x3f) | 0x80, 8);
  return copy.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
