import type { WebInterfaceName } from "../../components/web/web-services.ts";
import { kubectl, type Place } from "./kubectl.ts";

export interface Credentials {
  user: string;
  password: string;
}

/** The administrators by their UI; undefined where the cluster has no such Secret, because the stack does not run it. */
export type Administrators = Record<WebInterfaceName, Credentials | undefined>;

/** Secret and key of each administrator's password, and of the user where it is not `admin`. */
const secrets: Record<WebInterfaceName, { name: string; key: string; userKey?: string }> = {
  airflow: { name: "airflow-admin", key: "password" },
  mlflow: { name: "mlflow", key: "admin-password" },
  minio: { name: "minio-root", key: "password", userKey: "user" },
  grafana: { name: "grafana", key: "admin-password" },
  prometheus: { name: "prometheus-credentials", key: "own" },
};

const usualUser = "admin";

/**
 * The administrators' users and passwords, read from the platform's Secrets.
 *
 * @throws with kubectl's own words
 */
export function credentials(place: Place): Administrators {
  const names = Object.values(secrets).map(({ name }) => name);
  const text = kubectl(place, ["get", "secrets", ...names, "--ignore-not-found", "--output", "json"]);
  // Of nothing that was found kubectl says nothing.
  return administrators(text === "" ? [] : (JSON.parse(text) as { items: Secret[] }).items);
}

/** A Secret as the cluster shows it. */
export interface Secret {
  metadata: { name: string };
  /** In base64. */
  data?: Record<string, string>;
}

/** The administrators in a namespace with these Secrets. */
export function administrators(found: Secret[]): Administrators {
  const of = (ui: WebInterfaceName): Credentials | undefined => {
    const { name, key, userKey } = secrets[ui];
    const data = found.find(({ metadata }) => metadata.name === name)?.data ?? {};
    const user = userKey === undefined ? usualUser : decoded(data[userKey]);
    const password = decoded(data[key]);
    return user === undefined || password === undefined ? undefined : { user, password };
  };
  return {
    airflow: of("airflow"),
    mlflow: of("mlflow"),
    minio: of("minio"),
    grafana: of("grafana"),
    prometheus: of("prometheus"),
  };
}

function decoded(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}
