import type { Credentials } from "../../platform/credentials.ts";
import { failed, messageOf, type Outcome, type Progress } from "../check.ts";
import { send } from "./s3-request.ts";
import { Field } from "./field.ts";
import { heldUrls } from "./held-urls.ts";
import { Owner } from "./owner.ts";
import { type Client, forgeries, mark } from "./plan.ts";
import { isAccepted, type Sent, verdict } from "./verdict.ts";

interface Store {
  /** Of the S3 API. */
  url: string;
  bucket: string;
  /** Who may do everything in the bucket: lays the bait and removes it. */
  owner: Credentials;
  /** Whose keys are claimed; each has a folder of its own below its prefix. */
  clients: Client[];
  /** The name and the credentials of a client that signs URLs. @default - none does */
  holder: { name: string; credentials: Credentials } | undefined;
  /** New for each run. */
  id: string;
}

/** Sends a store every forged request, and removes what it took; the secrets sign only what is rightfully theirs. */
export async function tryForgeries(store: Store, progress: Progress): Promise<Outcome> {
  const owner = new Owner(store.url, store.bucket, store.owner);
  const field = new Field(owner, store.bucket, store.clients, store.id);
  let left: string | undefined;
  let outcome: Outcome;
  try {
    outcome = await attack(store, owner, field, progress);
  } finally {
    left = await leftBy(field);
    if (left !== undefined) progress(left);
  }
  return left === undefined
    ? outcome
    : failed(`${outcome.seen}; ${left}`, "run make verify again, which deletes its leftovers");
}

async function attack(store: Store, owner: Owner, field: Field, progress: Progress): Promise<Outcome> {
  const { url, clients, holder } = store;
  await field.prepare();
  const sent: Sent[] = [];
  for (const client of clients) {
    progress(`forged requests with the key of ${client.name}`);
    for (const { request, http } of forgeries(client, field.aim(client), new Date())) {
      const { status, code } = await send(url, http);
      sent.push({ request, client: client.name, status, code });
      if (isAccepted({ status, code })) await field.restore(client);
    }
  }
  const damage = await field.damage();
  const signer = clients.find(({ name }) => name === holder?.name);
  if (holder !== undefined && signer !== undefined)
    damage.push(...(await heldUrls(url, field.aim(signer), holder.credentials, owner)));
  return verdict(sent, damage);
}

/** What is still there, in words. */
async function leftBy(field: Field): Promise<string | undefined> {
  try {
    await field.clear();
    return undefined;
  } catch (error) {
    return `objects named ${mark}… may be left (${messageOf(error)})`;
  }
}
