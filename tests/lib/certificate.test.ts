import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { selfSignedCertificate } from "../../lib/certificate.ts";
import { skipWithReason } from "../skip.ts";

const seed = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const names = ["postgres", "postgres.mlops.svc", "localhost", "127.0.0.1"];
const made = selfSignedCertificate(seed(1), names);
const certificate = new X509Certificate(made.certificatePem);

// A deployed server keeps its certificate: other bytes for the same seed and names would restart it, and would break
// clients that still trust the old ones.
const deployedCertificate = `-----BEGIN CERTIFICATE-----
MIIB2TCCAX6gAwIBAgIQcqT5EWa7gfajRclho8+QEDAKBggqhkjOPQQDAjATMREw
DwYDVQQDDAhwb3N0Z3JlczAeFw0yNjAxMDEwMDAwMDBaFw00OTEyMzEyMzU5NTla
MBMxETAPBgNVBAMMCHBvc3RncmVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
CjrBR4nfIQHCwJZ1HPMRrX+Kg+ST/y9jtK7h/vATJBM6lmMXEflUxM9ZShMtemk4
vHjqUDDP61RnhfelRO6VCKOBszCBsDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB
/wQEAwIChDATBgNVHSUEDDAKBggrBgEFBQcDATA4BgNVHREEMTAvgghwb3N0Z3Jl
c4IScG9zdGdyZXMubWxvcHMuc3Zjgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYE
FO82TLw9wueukjRbw67E6xIXGjI6MB8GA1UdIwQYMBaAFO82TLw9wueukjRbw67E
6xIXGjI6MAoGCCqGSM49BAMCA0kAMEYCIQDSGrnsBnEBr1zJ4Wf3nvGDhqfz0QFt
22XyOGevrZn2BQIhAIoN/WJRdRZ2y0co4+6vay6QvwPqUqYcEC+cfilJkppC
-----END CERTIFICATE-----
`;
/** Of the certificates and keys of 52 seeds, each with five names, and of a certificate with 400 names. */
const deployedDigest = "3029f4f5adc33301d069c7137d008eb41c7a61534a2260a6018e367cba13f282";
const manyNames = Array.from({ length: 400 }, (_, i) => `project-${i}.mlops.svc.cluster.local`);

describe("selfSignedCertificate", () => {
  it("makes the bytes that are deployed", () => {
    assert.equal(made.certificatePem, deployedCertificate);
    const digest = createHash("sha256");
    for (let byte = 0; byte < 256; byte += 5) {
      const { certificatePem, privateKeyPem } = selfSignedCertificate(seed(byte), [...names, `n${byte}`]);
      digest.update(certificatePem + privateKeyPem);
    }
    digest.update(selfSignedCertificate(seed(1), manyNames).certificatePem);
    assert.equal(digest.digest("hex"), deployedDigest);
  });

  it("makes another key for another seed, and another serial number for other names", () => {
    assert.notEqual(selfSignedCertificate(seed(2), names).privateKeyPem, made.privateKeyPem);
    const renamed = new X509Certificate(selfSignedCertificate(seed(1), ["other"]).certificatePem);
    assert.notEqual(renamed.serialNumber, certificate.serialNumber);
    assert.ok(renamed.checkPrivateKey(createPrivateKey(made.privateKeyPem)));
  });

  it("holds for every name and for no other", () => {
    for (const name of ["postgres", "postgres.mlops.svc", "localhost"]) assert.equal(certificate.checkHost(name), name);
    assert.equal(certificate.checkHost("postgres.other.svc"), undefined);
    assert.equal(certificate.checkHost("mlops"), undefined);
    assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(certificate.checkIP("127.0.0.2"), undefined);
  });

  it("is signed by its own key, which clients may take as an authority's", () => {
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(made.privateKeyPem)));
    assert.ok(certificate.checkIssued(certificate));
    assert.ok(certificate.ca);
    assert.equal(certificate.subject, "CN=postgres");
    assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("is valid from 2026 to the end of 2049", () => {
    assert.equal(certificate.validFromDate.toISOString(), "2026-01-01T00:00:00.000Z");
    assert.equal(certificate.validToDate.toISOString(), "2049-12-31T23:59:59.000Z");
  });

  it("encodes any seed in DER that OpenSSL reads and whose signature holds", () => {
    for (let byte = 0; byte < 256; byte += 5) {
      const other = new X509Certificate(selfSignedCertificate(seed(byte), [...names, `n${byte}`]).certificatePem);
      assert.ok(other.verify(other.publicKey), `seed of bytes ${byte}`);
      assert.match(other.serialNumber, /^[4-7][0-9A-F]{31}$/);
    }
  });

  it("encodes a certificate of many names, whose lengths take three octets", () => {
    const other = new X509Certificate(selfSignedCertificate(seed(1), manyNames).certificatePem);
    assert.equal(other.checkHost("project-399.mlops.svc.cluster.local"), "project-399.mlops.svc.cluster.local");
    assert.ok(other.verify(other.publicKey));
  });

  it("holds for IPv6 addresses", () => {
    const other = new X509Certificate(selfSignedCertificate(seed(1), ["postgres", "2001:db8::1"]).certificatePem);
    assert.equal(other.checkIP("2001:db8::1"), "2001:db8::1");
    assert.equal(other.checkIP("2001:db8::2"), undefined);
  });

  it("refuses a seed of another length and no names", () => {
    assert.throws(() => selfSignedCertificate("c2hvcnQ=", names), { message: /32 bytes, not 5/ });
    assert.throws(() => selfSignedCertificate(seed(1), []), { message: /at least one name/ });
  });
});

describe("a server with the certificate", () => {
  const server = tls.createServer({ cert: made.certificatePem, key: made.privateKeyPem }, (socket) => socket.end("hi"));
  let port = 0;

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address: AddressInfo | string | null = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(() => server.close());

  const connect = async (options: tls.ConnectionOptions): Promise<string> => {
    const socket = tls.connect({ port, host: "127.0.0.1", ...options });
    const data: unknown[] = await once(socket, "data").finally(() => socket.destroy());
    return String(data[0]);
  };

  it("is trusted by a client that has the certificate as its root, by each of its names", async () => {
    for (const servername of ["postgres", "postgres.mlops.svc"]) {
      assert.equal(await connect({ ca: made.certificatePem, servername }), "hi");
    }
    assert.equal(await connect({ ca: made.certificatePem, host: "127.0.0.1" }), "hi");
  });

  it("is refused by another name, without the root and with another certificate as root", async () => {
    const ca = made.certificatePem;
    await assert.rejects(connect({ ca, servername: "postgres.other.svc" }), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await assert.rejects(connect({ servername: "postgres" }), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const other = selfSignedCertificate(seed(2), names).certificatePem;
    await assert.rejects(connect({ ca: other, servername: "postgres" }));
  });
});

describe("openssl verify", () => {
  it("takes the certificate in its strict mode", function () {
    if (spawnSync("openssl", ["version"]).status !== 0) skipWithReason(this, "openssl is not installed");
    const folder = mkdtempSync(join(tmpdir(), "certificate-"));
    try {
      const file = join(folder, "ca.crt");
      writeFileSync(file, made.certificatePem);
      const verify = (name: string) => {
        const options = ["-x509_strict", "-purpose", "sslserver", "-CAfile", file, "-verify_hostname", name, file];
        return spawnSync("openssl", ["verify", ...options], { encoding: "utf8" });
      };
      assert.equal(verify("postgres.mlops.svc").stdout, `${file}: OK\n`);
      assert.notEqual(verify("postgres.other.svc").status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
