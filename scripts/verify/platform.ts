import { type WebUiName, webUis } from "../../components/parts.ts";
import { credentials, type Administrators, type Credentials } from "../platform/credentials.ts";
import { withForward } from "../platform/forward.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { type PlatformJson, readPlatformJson } from "../platform/platform-json.ts";
import { type AirflowAccess, reachAirflow } from "./airflow-session.ts";
import { Failure } from "./check.ts";
import type { Options } from "./options.ts";

/** A live platform, seen from outside. */
export interface Platform {
  target: KubectlTarget;
  airflowUrl: string | undefined;
  administrators: Administrators;
  /** Parts that are not judged. */
  without: string[];
  description: PlatformJson;
}

/**
 * Reads what the checks need to know.
 *
 * @throws with one sentence when no cluster answers, or the namespace has no platform
 */
export function readPlatform({ target, stack, airflowUrl, without }: Options): Platform {
  const description = readPlatformJson(target, stack);
  const administrators = credentials(target);
  const password = process.env.AIRFLOW_ADMIN_PASSWORD;
  const airflow = password === undefined ? administrators.airflow : { user: "admin", password };
  const statsd = kubectl(target, ["get", "service", "airflow-statsd", "--ignore-not-found", "--output", "name"]);
  const hasNoMetrics = airflowUrl !== undefined && statsd === "";
  return {
    target: target,
    airflowUrl,
    without: hasNoMetrics ? [...without, "airflow"] : without,
    administrators: { ...administrators, airflow },
    description,
  };
}

/** Whether the platform has a UI: those that a stack does not run have no administrator. */
export function runs({ administrators, without }: Platform, ui: WebUiName): boolean {
  return administrators[ui] !== undefined && (ui === "airflow" || !without.includes(ui));
}

export function administratorOf({ administrators, target }: Platform, ui: WebUiName): Credentials {
  const found = administrators[ui];
  if (found !== undefined) return found;
  throw new Failure(`namespace ${target.namespace} has no Secret with the password of ${ui}`, "make up recreates it");
}

/** Reaches a UI by its URL, through a forwarded port unless Airflow is outside of the cluster. */
export function withInterface<T>(
  { target, airflowUrl }: Platform,
  ui: WebUiName,
  use: (url: string) => Promise<T>,
): Promise<T> {
  if (ui === "airflow" && airflowUrl !== undefined) return use(airflowUrl);
  const { pods: service, port } = webUis[ui];
  return withForward(target, service, port, (local) => use(`http://127.0.0.1:${local}`));
}

/** The platform's Airflow for its administrator, by an address that stays open between requests. */
export function airflowAccess(platform: Platform): AirflowAccess {
  const { target, airflowUrl } = platform;
  return {
    administrator: () => administratorOf(platform, "airflow"),
    reach: () => reachAirflow(target, airflowUrl),
  };
}
