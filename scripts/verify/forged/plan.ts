import type { S3Request } from "./s3-request.ts";
import { forms } from "./forms.ts";
import { type Aim, operations } from "./operations.ts";

/** A client of the store, as an attacker without its secret knows it. */
export interface Client {
  name: string;
  accessKey: string;
  /** What it may reach, without slashes at the ends; empty for the whole bucket. */
  prefix: string;
}

/** A request that its client has never made. */
interface Forgery {
  /** Such as `PutObject of a new object, the key in the query`. */
  request: string;
  client: string;
  http: S3Request;
}

/** Begins the names of everything that the check makes. */
export const mark = "verify-forged-";

/** The folder of a client that only the check of this id uses. */
export function folderOf({ prefix }: Pick<Client, "prefix">, id: string): string {
  return `${prefix === "" ? "" : `${prefix}/`}${mark}${id}`;
}

/** Every operation in every form, all with the key of one client. */
export function forgeries({ name, accessKey }: Client, aim: Aim, now: Date): Forgery[] {
  const claims = forms(accessKey, now);
  return operations(aim).flatMap((operation) =>
    claims.map((form) => ({
      request: `${operation.name}, ${form.name}`,
      client: name,
      http: form.claim(operation.request),
    })),
  );
}
