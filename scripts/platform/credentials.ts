import { mapWebUis, type WebUiName, webUis } from "../../components/parts.ts";
import type { Secret } from "../../lib/kubernetes/api.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

export interface Credentials {
  user: string;
  password: string;
}

/** The administrators by their UI; undefined where the cluster has no such Secret, because the stack does not run it. */
export type Administrators = Record<WebUiName, Credentials | undefined>;

const usualUser = "admin";

/**
 * The administrators' users and passwords, read from the platform's Secrets.
 *
 * @throws with kubectl's own words
 */
export function credentials(target: KubectlTarget): Administrators {
  const names = Object.values(webUis).map(({ administrator }) => administrator.secret);
  const text = kubectl(target, ["get", "secrets", ...names, "--ignore-not-found", "--output", "json"]);
  // Of nothing that was found kubectl says nothing.
  return administrators(text === "" ? [] : (JSON.parse(text) as { items: Secret[] }).items);
}

/** The administrators in a namespace with these Secrets. */
export function administrators(found: Secret[]): Administrators {
  return mapWebUis((_, { administrator: { secret, passwordKey, userKey } }) => {
    const data = found.find(({ metadata }) => metadata.name === secret)?.data ?? {};
    const user = userKey === undefined ? usualUser : decoded(data[userKey]);
    const password = decoded(data[passwordKey]);
    return user === undefined || password === undefined ? undefined : { user, password };
  });
}

function decoded(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}
