import { secrets } from "../../../components/airflow/names.ts";
import { airflowDatabase } from "./airflow-database.ts";
import type { Check, Finding } from "../check.ts";
import { isFernetKey, isOfKey } from "./fernet.ts";
import { nameOf } from "../objects.ts";

/** Everything that Airflow stores encrypted, with a name that is not secret. */
const statement = `
SELECT coalesce(json_agg(json_build_array(name, token)), '[]') FROM (
  SELECT 'connection ' || conn_id AS name, password AS token FROM connection WHERE is_encrypted
  UNION ALL SELECT 'extra of connection ' || conn_id, extra FROM connection WHERE is_extra_encrypted
  UNION ALL SELECT 'variable ' || key, val FROM variable WHERE is_encrypted
) AS encrypted WHERE token <> ''`;

/** Names of one finding. */
const shownNames = 5;

export const fernetKey: Check = {
  id: "fernet-key",
  severity: "error",
  looksAt:
    "the signatures of encrypted values in Airflow's database, and the key of Secret airflow-keys; nothing is decrypted",
  means: "Airflow no longer has the key that encrypted some connections or variables, so it cannot read them.",
  remedy:
    "Append the old key to the new one, as in step 3 of docs/operations.md#drill-into-an-empty-platform, and run " +
    "`airflow rotate-fernet-key`. If the old key is lost, enter those values again.",
  threads: [
    "https://github.com/apache/airflow/issues/47963",
    "https://github.com/apache/airflow/issues/53091",
    "https://github.com/apache/airflow/issues/16313",
  ],
  kinds: ["secrets", "services", "pods"],
  find: async (snapshot, query) => {
    const { of, platform } = snapshot;
    const secret = of("secrets").find(
      ({ metadata }) => metadata.namespace === platform && metadata.name === secrets.keys,
    );
    if (secret === undefined) return [];
    const keys = Buffer.from(secret.data?.["fernet-key"] ?? "", "base64").toString();
    const where = nameOf("secrets", secret.metadata);
    if (!isFernetKey(keys))
      return [{ where, found: "its fernet-key is not a Fernet key of 32 bytes", remedy: "make up" }];
    return unreadable(await query.sql(airflowDatabase(snapshot), statement), keys, where);
  },
};

/**
 * What none of the keys has encrypted.
 *
 * @param rows pairs of a name and a token
 */
function unreadable(rows: unknown, keys: string, where: string): Finding[] {
  if (!Array.isArray(rows)) return [];
  const tokens = rows.filter((row): row is [string, string] => Array.isArray(row) && row.length === 2);
  const lost = tokens.filter(([, token]) => !isOfKey(token, keys)).map(([name]) => name);
  if (lost.length === 0) return [];
  const names = [
    ...lost.slice(0, shownNames),
    ...(lost.length > shownNames ? [`${lost.length - shownNames} more`] : []),
  ];
  const found = `${lost.length} of ${tokens.length} encrypted values use another key: ${names.join(", ")}`;
  return [
    {
      where,
      found,
      remedy: "append the old key to it (docs/operations.md, drill, step 3), then airflow rotate-fernet-key",
    },
  ];
}
