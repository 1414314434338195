import { p256 } from "@noble/curves/nist.js";
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utcTime,
  utf8String,
} from "./der.ts";

/** A server's certificate and its key. */
export interface Certificate {
  certificatePem: string;
  /** PKCS #8. */
  privateKeyPem: string;
}

/** Fixed, so that the same seed makes the same bytes; another seed is the way to renew. */
const validity = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2049-12-31T23:59:59Z") };

const ecdsaWithSha256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));

/**
 * A certificate that is its own authority: clients give it as their root and verify the server's name with it.
 *
 * The same seed and names always make the same bytes, so that a preview shows no change where there is none. The key is
 * on P-256, since libpq binds SCRAM to the certificate's hash and Ed25519 has none.
 *
 * @param seedBase64 32 random bytes, which the key is derived from: as secret as the key
 * @param dnsNames names that clients connect to, the first of which names the certificate; IPv4 addresses are allowed
 * @throws Error for a seed of another length, for no name and for an IPv6 address
 */
export function selfSignedCertificate(seedBase64: string, dnsNames: string[]): Certificate {
  const [commonName] = dnsNames;
  if (commonName === undefined) throw new Error("a certificate needs at least one name");
  const { secretKey, privateKey, publicKey } = keyFrom(seedBase64);
  const toBeSigned = certificateBody(publicKey, commonName, dnsNames);
  // OpenSSL takes either half of the curve's order; lowS is a rule of blockchains.
  const signature = p256.sign(toBeSigned, secretKey, { prehash: true, lowS: false, format: "der" });
  return {
    certificatePem: pem("CERTIFICATE", sequence(toBeSigned, ecdsaWithSha256, bitString(signature))),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function keyFrom(seedBase64: string): { secretKey: Uint8Array; privateKey: KeyObject; publicKey: KeyObject } {
  const seed = Buffer.from(seedBase64, "base64");
  if (seed.length !== 32) throw new Error(`a certificate's seed has 32 bytes, not ${seed.length}`);
  // More bits than the order has, so that the remainder is evenly spread (FIPS 186-5, A.2.1).
  const material = new Uint8Array(hkdfSync("sha256", seed, "", "mlops certificate key", p256.lengths.seed ?? 48));
  const secretKey = p256.utils.randomSecretKey(material);
  const point = Buffer.from(p256.getPublicKey(secretKey, false));
  const jwk = {
    kty: "EC",
    crv: "P-256",
    d: Buffer.from(secretKey).toString("base64url"),
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { secretKey, privateKey, publicKey: createPublicKey({ key: jwk, format: "jwk" }) };
}

/** What is signed (RFC 5280, 4.1). */
function certificateBody(publicKey: KeyObject, commonName: string, dnsNames: string[]): Buffer {
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(commonName))));
  return sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber(keyInfo, dnsNames)),
    ecdsaWithSha256,
    name,
    sequence(utcTime(validity.from), utcTime(validity.to)),
    name,
    keyInfo,
    explicit(3, sequence(...extensions(keyInfo, dnsNames))),
  );
}

function serialNumber(keyInfo: Buffer, dnsNames: string[]): Buffer {
  const serial = createHash("sha256").update(keyInfo).update(dnsNames.join()).digest().subarray(0, 16);
  // The first bit is the sign, and a zero after it would have to be left out.
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

/** Server authentication alone, by a certificate that may sign itself (RFC 5280, 4.2.1). */
function extensions(keyInfo: Buffer, dnsNames: string[]): Buffer[] {
  const keyId = createHash("sha256").update(keyInfo).digest().subarray(0, 20);
  return [
    extension("2.5.29.19", sequence(boolean(true)), true),
    extension("2.5.29.15", bitString(Buffer.from([0b1000_0100]), 2), true),
    extension("2.5.29.37", sequence(objectIdentifier("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", sequence(...dnsNames.map(alternativeName))),
    extension("2.5.29.14", octetString(keyId)),
    extension("2.5.29.35", sequence(implicit(0, keyId))),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 6) throw new Error(`a certificate's names may be DNS names and IPv4 addresses, not ${name}`);
  return isIP(name) === 4 ? implicit(7, Buffer.from(name.split(".").map(Number))) : implicit(2, Buffer.from(name));
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
