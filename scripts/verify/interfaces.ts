import type { WebUi } from "../../components/description.ts";
import { s3Port } from "../../components/minio/description.ts";
import { type WebUiName, webUis } from "../../components/parts.ts";
import type { Credentials } from "../platform/credentials.ts";
import { withForward } from "../platform/forward.ts";
import { failed, ok, type Outcome, skipped } from "./check.ts";
import { administratorOf, type Platform, runs, withInterface } from "./platform.ts";
import { signedHeaders } from "./forged/s3-signature.ts";

/** Status of the answer to a login. */
type Login = (url: string, credentials: Credentials) => Promise<number>;

const timeoutMs = 30_000;

/** The status of an answer; the body is read so that the connection is free again. */
async function status(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  await response.arrayBuffer();
  return response.status;
}

export function basicAuthorization({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Logs in as the UI's description says. */
const loginTo =
  ({ login }: WebUi): Login =>
  (url, { user, password }) => {
    if (login.kind === "basic")
      return status(url + login.path, { headers: { authorization: basicAuthorization({ user, password }) } });
    const body = JSON.stringify({ [login.userField]: user, [login.passwordField]: password });
    return status(url + login.path, { method: "POST", headers: { "content-type": "application/json" }, body });
  };

const s3: Login = (url, { user, password }) =>
  status(`${url}/`, { headers: signedHeaders(url, { user, password }, new Date()) });

/** A UI takes the administrator's password and no other. */
export async function webInterface(platform: Platform, ui: WebUiName): Promise<Outcome> {
  if (!runs(platform, ui)) return skipped("the platform does not run it");
  const credentials = administratorOf(platform, ui);
  return withInterface(platform, ui, (url) => checkLogin(ui, url, credentials, loginTo(webUis[ui])));
}

/** MinIO's S3 API takes the root user's key and no other. */
export async function objectStorage(platform: Platform): Promise<Outcome> {
  if (!runs(platform, "minio")) return skipped("the platform has no MinIO: its objects are in another store");
  const credentials = administratorOf(platform, "minio");
  return withForward(platform.target, "minio", s3Port, (port) =>
    checkLogin("minio", `http://127.0.0.1:${port}`, credentials, s3),
  );
}

async function checkLogin(ui: WebUiName, url: string, credentials: Credentials, login: Login): Promise<Outcome> {
  const right = await login(url, credentials);
  const wrong = await login(url, { ...credentials, password: "not-the-password" });
  return verdict(ui, right, wrong);
}

/** What the answers to the right and to a wrong password mean. */
export function verdict(ui: string, right: number, wrong: number): Outcome {
  const logs = `see kubectl logs of its pod; make doctor names known causes`;
  if (right === 401 || right === 403) {
    const fix =
      "the password in use differs from the Secret: rotate it (docs/operations.md), which sets both to a new value";
    return failed(`${ui} rejects the administrator's own password with ${right}`, fix);
  }
  if (right >= 300) return failed(`${ui} answers the administrator with ${right}`, logs);
  if (wrong < 300) return failed(`${ui} accepts a wrong password`, "its login is disabled: make up enables it");
  if (wrong !== 401 && wrong !== 403) return failed(`${ui} answers a wrong password with ${wrong}`, logs);
  return ok(`answers ${right}, and a wrong password with ${wrong}`);
}
