// From the settings of a project's pods to those of a program on this machine: pure functions.
import { pathToFileURL } from "node:url";

export type Environment = Record<string, string>;

/** A Service of the cluster, which is forwarded. */
export interface Target {
  service: string;
  namespace: string;
  port: number;
}

/** A Service together with the port of this machine that leads there. */
export interface Forwarded extends Target {
  local: number;
}

/** Variables that are the address of a server of the platform. */
const urls = ["MLFLOW_TRACKING_URI", "AWS_ENDPOINT_URL_S3"] as const;
const defaultPorts: Record<string, number> = { "http:": 80, "https:": 443 };
const defaultPostgresPort = "5432";

/** The Services that variables name, by the variable; other addresses are used as they are. */
export function targetsOf(environment: Environment): Map<string, Target> {
  const found = new Map<string, Target>();
  const add = (variable: string, host: string, port: number) => {
    const [, service, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/.exec(host) ?? [];
    if (service !== undefined && namespace !== undefined) found.set(variable, { service, namespace, port });
  };
  for (const variable of urls) {
    if (!URL.canParse(environment[variable] ?? "")) continue;
    const { hostname, port, protocol } = new URL(environment[variable] ?? "");
    add(variable, hostname, port === "" ? (defaultPorts[protocol] ?? 0) : Number(port));
  }
  if (environment.PGHOST !== undefined)
    add("PGHOST", environment.PGHOST, Number(environment.PGPORT ?? defaultPostgresPort));
  return found;
}

/** What stands in on this machine for what pods mount. */
interface LocalFiles {
  /** Path of the PEM file of the database's authority. */
  certificate: string | undefined;
  /** Folder for a volume of the cluster. */
  data: string;
}

/** The environment with this machine's ends of the forwards in it. */
export function localized(
  environment: Environment,
  forwarded: ReadonlyMap<string, Forwarded>,
  { certificate, data }: LocalFiles,
): Environment {
  const result = { ...environment };
  for (const [variable, { local }] of forwarded) {
    // libpq verifies the server's certificate against PGHOST and connects to PGHOSTADDR.
    if (variable === "PGHOST") Object.assign(result, { PGHOSTADDR: "127.0.0.1", PGPORT: String(local) });
    // By name: MLflow answers only to the host names that it was told.
    else result[variable] = (environment[variable] ?? "").replace(/^(https?:\/\/)[^/]+/, `$1localhost:${local}`);
  }
  if (certificate !== undefined && "PGSSLROOTCERT" in result) result.PGSSLROOTCERT = certificate;
  if (hasOwnVolume(environment)) result.DATA_URI = pathToFileURL(data).href;
  return result;
}

/** A summary for the user, without secrets. */
export function described(environment: Environment, forwarded: ReadonlyMap<string, Forwarded>): string[] {
  const lines = [...forwarded.values()].map(
    ({ service, namespace, port, local }) => `${service}.${namespace}:${port} is localhost:${local}`,
  );
  if (!hasOwnVolume(environment)) return lines;
  return [...lines, `DATA_URI is ${environment.DATA_URI ?? ""}: the pods' volume is not on this machine`];
}

function hasOwnVolume({ DATA_URI: uri = "" }: Environment): boolean {
  return uri.startsWith("file:");
}
