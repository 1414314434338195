import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { certificatesIn } from "../../../config/site/certificates.ts";

/**
 * The authorities that clients of a Cloud SQL server trust, as PEM: of its certificate, of the next and of the previous.
 *
 * The server's resource names the first alone, and as the last refresh found it. The list is read at each preview and
 * update, so that a new authority is at the clients before the server has a certificate of it.
 *
 * Source: https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances/listServerCas
 *
 * @param opts with the server's parent, whose provider asks
 */
export function serverAuthorities(
  { name, serverCaCerts }: gcp.sql.DatabaseInstance,
  project: string,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const listed = pulumi
    // The name is known before there is a server; its certificate is not, and with it the question waits.
    .all([name, serverCaCerts])
    .apply(([instance]) => gcp.sql.getCaCerts({ instance, project }, opts).then(({ certs }) => certs, unlisted));
  // Certificates are public; the provider declares its own output secret.
  return pulumi.unsecret(
    pulumi.all([serverCaCerts, listed]).apply((lists) => authorityBundle(lists.flat().map(({ cert }) => cert))),
  );
}

/**
 * No certificate, with a warning, where Google refuses the request itself.
 *
 * Google's references do not say whether a server of the shared authority has the list.
 *
 * @throws any other error, since a list that is missing for a moment would take certificates away from the clients
 */
export async function unlisted(error: unknown): Promise<never[]> {
  if (!/\bError 400\b/.test(String(error))) throw error;
  await pulumi.log.warn(
    `Google does not list the authorities of the Postgres server: its clients trust the current one alone, as the last refresh found it. Before an update, run scripts/pulumi refresh. ${String(error)}`,
  );
  return [];
}

/** Each certificate once, in an order that does not depend on that of the lists. */
export function authorityBundle(texts: readonly string[]): string {
  const certificates = new Set(certificatesIn(texts));
  return [...certificates]
    .toSorted()
    .map((certificate) => `${certificate}\n`)
    .join("");
}
