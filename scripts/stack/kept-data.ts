import type { Checkpoint } from "./state.ts";
import { urnParts, type UrnParts } from "./urn.ts";

/** What a destroy that keeps data leaves there, by type and name. */
const kept: [type: string, name: RegExp][] = [
  ["kubernetes:core/v1:PersistentVolumeClaim", /./],
  // Without the keys of every generation, what Airflow and Grafana have encrypted on a kept volume is lost.
  ["random:index/randomBytes:RandomBytes", /^(airflow-fernet-key-\d+|grafana-encryption-key)$/],
  // Databases and bucket are signed with it, and a platform with another one is refused them.
  ["random:index/randomId:RandomId", /^platform-id$/],
];

/** The component that makes the Fernet keys. */
const keyMaker = "mlops:secrets:AirflowSecrets";

/**
 * URNs of what a destroy that keeps data leaves there; what they need, such as the namespace, stays with them.
 *
 * Passwords are not among them: the server and the Jobs set those of a state on whatever data they find.
 *
 * @throws where the state has a platform, and its Fernet key is not found: the data would be kept and not be readable
 */
export function dataOf({ deployment }: Checkpoint): string[] {
  const resources = (deployment.resources ?? []).map(({ urn }) => ({ urn, ...urnParts(urn) }));
  const data = resources.filter(isKept);
  const hasKey = data.some(({ name }) => name.startsWith("airflow-fernet-key-"));
  if (!hasKey && resources.some(({ type }) => type === keyMaker)) {
    throw new Error("the state has no Fernet key (RandomBytes airflow-fernet-key-<n>): nothing was removed");
  }
  return data.map(({ urn }) => urn);
}

function isKept({ type, name }: UrnParts): boolean {
  return kept.some(([keptType, keptName]) => type === keptType && keptName.test(name));
}
