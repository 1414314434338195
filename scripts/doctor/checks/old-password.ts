import { secrets as airflowSecrets } from "../../../components/airflow/names.ts";
import type { Check, Finding, Snapshot } from "../check.ts";
import type { ConfigMap, Secret } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { parseJson } from "../read.ts";
import { isPassword } from "./scram.ts";

const statement = `SELECT json_agg(json_build_array(rolname, coalesce(rolpassword, ''))) FROM pg_authid WHERE rolcanlogin`;

/** A password as a Secret holds it. */
interface Credential {
  secret: string;
  user: string;
  password: string;
}

export const oldPassword: Check = {
  id: "old-password",
  severity: "error",
  looksAt:
    "the roles' password verifiers of a Postgres in the cluster, and the passwords in the Secrets; the check does not log in",
  means:
    "Postgres and a Secret have different passwords: the volume is older than the Secret, or a rotation did not finish.",
  remedy:
    "`kubectl delete pod postgres-0` sets the superuser's password from the Secret. The Job `databases` sets the others; " +
    "`make rotate WHAT=database` runs it again.",
  threads: ["https://github.com/airflow-helm/charts/issues/16", "https://github.com/airflow-helm/charts/issues/823"],
  kinds: ["secrets", "configmaps", "services"],
  find: async (snapshot, query) => {
    const credentials = credentialsOf(snapshot);
    return credentials.length === 0
      ? []
      : differing(await query.sql("postgres", statement), credentials, snapshot.platform);
  },
};

/**
 * Credentials that Postgres would refuse.
 *
 * @param rows pairs of a role and its verifier
 */
function differing(rows: unknown, credentials: readonly Credential[], platform: string): Finding[] {
  if (!Array.isArray(rows)) return [];
  const verifiers = new Map(rows.filter((row): row is [string, string] => Array.isArray(row) && row.length === 2));
  return credentials.flatMap(({ secret, user, password }) => {
    const verifier = verifiers.get(user);
    if (verifier !== undefined && isPassword(password, verifier)) return [];
    const found = verifier === undefined ? `Postgres has no role ${user}` : `Postgres has another password for ${user}`;
    return [{ where: secret, found, remedy: remedyOf(user, platform) }];
  });
}

function remedyOf(user: string, platform: string): string {
  if (user === "postgres")
    return `kubectl --namespace ${platform} delete pod postgres-0; the new pod sets the password`;
  return "make rotate WHAT=database, which replaces every login";
}

/** Every password of a role that a Secret of the platform holds. */
function credentialsOf({ of, platform }: Snapshot): Credential[] {
  const maps = of("configmaps");
  return of("secrets").flatMap((secret) => {
    const { namespace, name } = secret.metadata;
    const where = nameOf("secrets", secret.metadata);
    const value = (key: string) => decoded(secret, key);
    const of = (user: string, key: string) => [{ secret: where, user, password: value(key) ?? "" }];
    // A project's Secret names its login; the backup's is in the ConfigMap of the same name.
    const inMap = maps.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)?.data?.PGUSER;
    const user = value("PGUSER") ?? inMap;
    if (user !== undefined && value("PGPASSWORD") !== undefined) return of(user, "PGPASSWORD");
    if (namespace !== platform) return [];
    switch (name) {
      case "postgres-superuser":
        return of("postgres", "password");
      case "databases-passwords":
        return Object.keys(secret.data ?? {}).flatMap((role) => of(role, role));
      case "postgres-exporter":
        return of(exporterLogin(maps), "password");
      case "mlflow":
        return ofUrl(where, value("backend-store-uri"));
      case airflowSecrets.metadata:
        return ofUrl(where, value("connection"));
      default:
        return [];
    }
  });
}

/** The login that the Job `databases` makes for the exporter: prefix and generation are in its name. */
function exporterLogin(maps: readonly ConfigMap[]): string {
  const spec = maps.find(({ metadata }) => metadata.name === "databases-spec")?.data?.["spec.json"];
  const { roles = [] } = (parseJson(spec ?? "") ?? {}) as { roles?: { login: string; memberOf: string[] }[] };
  return roles.find(({ memberOf }) => memberOf.includes("pg_monitor"))?.login ?? "exporter";
}

function decoded({ data }: Secret, key: string): string | undefined {
  const text = data?.[key];
  return text === undefined ? undefined : Buffer.from(text, "base64").toString();
}

function ofUrl(secret: string, text = ""): Credential[] {
  if (!URL.canParse(text)) return [];
  const { username, password } = new URL(text);
  return [{ secret, user: decodeURIComponent(username), password: decodeURIComponent(password) }];
}
