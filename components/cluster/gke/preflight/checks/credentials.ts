import { textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { failed, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { complaintOf, gcloud, installPage } from "../gcloud.ts";
import { askWith, isOk, type Reply } from "../google.ts";

const check = "credentials";

/** Whom the provider will be. */
export interface Login {
  row: Row;
  /** Undefined: the other checks cannot ask. */
  token?: string;
  account?: string | undefined;
}

/** Credentials that the provider prefers to Application Default Credentials, and that only it reads. */
const others = ["GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"];

/** Application Default Credentials, or the token of the environment. */
export async function logIn(): Promise<Login> {
  const { GOOGLE_OAUTH_ACCESS_TOKEN: given } = process.env;
  if (given !== undefined) return accountOf(given);
  const other = others.find((name) => process.env[name] !== undefined);
  if (other !== undefined) return { row: unknown(check, `${other} has credentials that only the provider reads`) };
  const run = await gcloud("auth", "application-default", "print-access-token");
  return run?.ok === true ? accountOf(run.stdout.trim()) : { row: withoutLogin(run) };
}

/** @param run of gcloud, which gave no token; undefined: there is no gcloud */
function withoutLogin(run: Run | undefined): Row {
  if (run === undefined) return failed(check, "gcloud is not installed", `install it: ${installPage}`);
  return failed(check, complaintOf(run), "gcloud auth application-default login");
}

async function accountOf(token: string): Promise<Login> {
  const body = new URLSearchParams({ access_token: token });
  return loginOf(token, await askWith(undefined)({ service: "oauth2", path: "tokeninfo", body }));
}

/** @param reply of Google's `tokeninfo` */
function loginOf(token: string, reply: Reply): Login {
  if (reply.status === 400) {
    const found = "Google does not accept the token of the Application Default Credentials";
    return { row: failed(check, found, "gcloud auth application-default login") };
  }
  const account = isOk(reply) ? textAt(reply.body, "email") : undefined;
  const who = account ?? "an identity that Google does not name";
  return { row: ok(check, `Application Default Credentials of ${who}`), token, account };
}
