import { X509Certificate } from "node:crypto";
import { z } from "zod";

const fix = "scripts/pulumi config set --stack <stack> caCertificates < ca.pem";
const allowed =
  "certificates of authorities in PEM, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";

/** One or more certificates; a text that is wrong is never printed, since it may be a key. */
const certificates = z.string().superRefine((text, context) => {
  const problems = problemsIn(text);
  if (problems.length > 0)
    context.addIssue({ code: "custom", message: allowed, params: { found: problems.join("; "), fix } });
});

export const caCertificatesSchema = z.union([certificates, z.array(certificates)]).default([]);

/** Every certificate of a list of PEM texts, without what stands between them. */
export function certificatesIn(texts: string | readonly string[]): string[] {
  return [texts].flat().flatMap((text) => blocksOf(text).map(({ pem }) => pem));
}

interface Block {
  label: string;
  pem: string;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)].map(([pem, label = ""]) => ({
    label,
    pem,
  }));
}

function problemsIn(text: string): string[] {
  const blocks = blocksOf(text);
  if (blocks.length === 0) return ["a text without a certificate"];
  return blocks.flatMap(({ label, pem }) => {
    if (label.endsWith("PRIVATE KEY")) return ["a private key"];
    if (label !== "CERTIFICATE") return [`a block of ${label}`];
    return problemOf(pem) ?? [];
  });
}

function problemOf(pem: string): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return "a certificate that cannot be read";
  }
  const { subject, validToDate } = certificate;
  const name = subject.replaceAll("\n", ", ");
  return validToDate < new Date()
    ? `the certificate of ${name}, which expired on ${validToDate.toISOString().slice(0, 10)}`
    : undefined;
}
