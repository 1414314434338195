import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
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

describe("selfSignedCertificate", () => {
  it("makes the same bytes twice", () => {
    assert.deepEqual(selfSignedCertificate(seed(1), names), made);
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
    const many = Array.from({ length: 400 }, (_, i) => `project-${i}.mlops.svc.cluster.local`);
    const other = new X509Certificate(selfSignedCertificate(seed(1), many).certificatePem);
    assert.equal(other.checkHost("project-399.mlops.svc.cluster.local"), "project-399.mlops.svc.cluster.local");
    assert.ok(other.verify(other.publicKey));
  });

  it("refuses a seed of another length, no names and IPv6", () => {
    assert.throws(() => selfSignedCertificate("c2hvcnQ=", names), { message: /32 bytes, not 5/ });
    assert.throws(() => selfSignedCertificate(seed(1), []), { message: /at least one name/ });
    assert.throws(() => selfSignedCertificate(seed(1), ["::1"]), { message: /IPv4 addresses, not ::1/ });
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
