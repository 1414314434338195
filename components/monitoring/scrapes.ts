import type { Metrics, StackShape } from "../description.ts";
import { isDeployed, type PartName, partOf, type PodGroupName, podGroupNames, podGroups } from "../parts.ts";
import type { Scrape, ScrapeCredentials, ScrapeToken } from "./prometheus-config.ts";

/** What opens the metrics of each part that asks for a login. */
export type MetricsLogins = Partial<Record<PartName, ScrapeCredentials | ScrapeToken>>;

/** Metrics of a group of pods, with what opens them. */
export interface Endpoint extends Pick<Scrape, "job" | "path" | "credentials"> {
  group: PodGroupName;
  port: number;
}

/**
 * Every endpoint that the descriptions of a stack's parts name under `metrics`, by job.
 *
 * @throws Error where a part asks for a login that is not given
 */
export function endpointsOf(stack: StackShape, logins: MetricsLogins): Endpoint[] {
  const deployed = podGroupNames.filter((group) => isDeployed(group, stack));
  const endpoints = deployed.flatMap((group) => {
    const { metrics = [] } = podGroups[group];
    return metrics.map(({ job, port, path, login }): Endpoint => {
      const credentials = login === undefined ? undefined : credentialsFor(login, partOf[group], logins);
      return {
        job,
        group,
        port,
        ...(path === undefined ? {} : { path }),
        ...(credentials === undefined ? {} : { credentials }),
      };
    });
  });
  return endpoints.toSorted((one, other) => (one.job < other.job ? -1 : 1));
}

/**
 * The same endpoints, each by the address of its Service.
 *
 * @throws Error where a part asks for a login that is not given
 */
export function scrapesOf(stack: StackShape & { namespace: string }, logins: MetricsLogins): Scrape[] {
  return endpointsOf(stack, logins).map(({ job, group, port, ...access }) => ({
    job,
    target: `${group}.${stack.namespace}.svc:${port}`,
    ...access,
  }));
}

function credentialsFor(
  login: NonNullable<Metrics["login"]>,
  part: PartName,
  logins: MetricsLogins,
): NonNullable<Scrape["credentials"]> {
  if (login === "prometheus") return "own";
  const found = logins[part];
  if (found === undefined) throw new Error(`${part} requires a login for its metrics, but the caller gives none`);
  return found;
}
