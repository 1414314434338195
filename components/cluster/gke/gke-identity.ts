import { createHash } from "node:crypto";
import type { ServiceAccountRef } from "../../clients.ts";

/**
 * Id of the Google service account of a Kubernetes service account: its name, cut to what fits, and a hash.
 *
 * Ids have 6 to 30 characters. The hash tells accounts apart whose names are cut, or that have one name in two
 * namespaces or two clusters. Source: https://cloud.google.com/iam/docs/service-accounts-create
 *
 * @param prefix of the cluster that the account belongs to
 */
export function accountId(prefix: string, { namespace, name }: ServiceAccountRef): string {
  const hash = createHash("sha256").update(`${prefix}/${namespace}/${name}`).digest("hex").slice(0, 8);
  return `${name.slice(0, 21).replace(/-+$/, "")}-${hash}`;
}

/** Name of the one Workload Identity pool of a project. */
export function workloadPoolOf(project: string): string {
  return `${project}.svc.id.goog`;
}

/** A Kubernetes service account as IAM knows it. */
export function workloadMember(workloadPool: string, { namespace, name }: ServiceAccountRef): string {
  return `serviceAccount:${workloadPool}[${namespace}/${name}]`;
}

/**
 * Condition under which a bucket's role holds for one prefix alone.
 *
 * Listing is a request to the bucket, which no object's name matches: it is allowed by the prefix that it asks for.
 * Source: https://cloud.google.com/iam/docs/conditions-attribute-reference#cloud-storage-objects-list
 */
export function objectsBelow(bucket: string, prefix: string): string {
  const objects = `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}/")`;
  const lists = `api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("${prefix}/")`;
  return `${objects} || ${lists}`;
}
