import { randomBytes } from "node:crypto";
import { s3Port } from "../../../components/minio/description.ts";
import { bucket } from "../../../components/minio/minio-users.ts";
import { withForward } from "../../platform/forward.ts";
import { type Outcome, type Progress, skipped } from "../check.ts";
import { administratorOf, type Platform, runs } from "../platform.ts";
import { readClients, readCredentials } from "./clients.ts";
import { tryForgeries } from "./try.ts";

const project = "verify";

/** The object store takes nothing from a client that knows an access key and not its secret. */
export async function forgedRequests(platform: Platform, progress: Progress): Promise<Outcome> {
  if (!runs(platform, "minio")) return skipped("the platform has no MinIO: its objects are in another store");
  const { target, description } = platform;
  const owner = administratorOf(platform, "minio");
  const clients = readClients(target, description, project);
  const last = clients.at(-1);
  const holder = last === undefined ? undefined : readCredentials(target, description, last);
  const claimed = [{ name: "the administrator", accessKey: owner.user, prefix: "" }, ...clients];
  const id = randomBytes(4).toString("hex");
  return withForward(target, "minio", s3Port, (port) =>
    tryForgeries({ url: `http://127.0.0.1:${port}`, bucket, owner, clients: claimed, holder, id }, progress),
  );
}
