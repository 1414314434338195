import { p256 } from "@noble/curves/nist.js";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** A server's certificate and its key. */
export interface Certificate {
  certificatePem: string;
  /** PKCS #8. */
  privateKeyPem: string;
}

/** Fixed, so that the same seed makes the same bytes; another seed is the way to renew. */
const validity = new x509.Validity({
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2049-12-31T23:59:59Z"),
});

const ecdsaWithSha256 = new x509.AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });
const commonNameType = "2.5.4.3";

/**
 * A certificate that is its own authority: clients give it as their root and verify the server's name with it.
 *
 * The same seed and names always make the same bytes, so that a preview shows no change where there is none. The key is
 * on P-256, since libpq binds SCRAM to the certificate's hash and Ed25519 has none.
 *
 * @param seedBase64 32 random bytes, which the key is derived from: as secret as the key
 * @param names DNS names and IP addresses that clients connect to, the first of which names the certificate
 * @throws Error for a seed of another length and for no name
 */
export function selfSignedCertificate(seedBase64: string, names: string[]): Certificate {
  const [commonName] = names;
  if (commonName === undefined) throw new Error("a certificate needs at least one name");
  const { secretKey, privateKey, publicKey } = keyFrom(seedBase64);
  const tbsCertificate = certificateBody(publicKey, commonName, names);
  // OpenSSL takes either half of the curve's order; lowS is a rule of blockchains.
  const signature = p256.sign(derOf(tbsCertificate), secretKey, { prehash: true, lowS: false, format: "der" });
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: ecdsaWithSha256,
    signatureValue: bufferOf(signature),
  });
  return {
    certificatePem: pem("CERTIFICATE", derOf(certificate)),
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
function certificateBody(publicKey: KeyObject, commonName: string, names: string[]): x509.TBSCertificate {
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const value = new x509.AttributeValue({ utf8String: commonName });
  const attribute = new x509.AttributeTypeAndValue({ type: commonNameType, value });
  const name = new x509.Name([new x509.RelativeDistinguishedName([attribute])]);
  return new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: bufferOf(serialNumber(keyInfo, names)),
    signature: ecdsaWithSha256,
    issuer: name,
    validity,
    subject: name,
    subjectPublicKeyInfo: AsnConvert.parse(keyInfo, x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensions(keyInfo, names)),
  });
}

function serialNumber(keyInfo: Buffer, names: string[]): Buffer {
  const serial = createHash("sha256").update(keyInfo).update(names.join()).digest().subarray(0, 16);
  // The first bit is the sign, and a zero after it would have to be left out.
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

/** Server authentication alone, by a certificate that may sign itself (RFC 5280, 4.2.1). */
function extensions(keyInfo: Buffer, names: string[]): x509.Extension[] {
  const keyId = bufferOf(createHash("sha256").update(keyInfo).digest().subarray(0, 20));
  const usage = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign;
  const alternatives = names.map(
    (name) => new x509.GeneralName(isIP(name) === 0 ? { dNSName: name } : { iPAddress: name }),
  );
  const keyIdentifier = new x509.SubjectKeyIdentifier(keyId);
  return [
    extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true }), true),
    extension(x509.id_ce_keyUsage, new x509.KeyUsage(usage), true),
    extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
    extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(alternatives)),
    extension(x509.id_ce_subjectKeyIdentifier, keyIdentifier),
    extension(x509.id_ce_authorityKeyIdentifier, new x509.AuthorityKeyIdentifier({ keyIdentifier })),
  ];
}

function extension(extnID: string, value: object, critical = false): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(derOf(value)) });
}

function derOf(value: object): Buffer {
  return Buffer.from(AsnConvert.serialize(value));
}

/** The bytes in a buffer of their own, as the library takes them. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
