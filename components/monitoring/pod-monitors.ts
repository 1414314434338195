import type * as pulumi from "@pulumi/pulumi";
import { type PodGroupName, podGroups } from "../parts.ts";
import { metricsCredentials } from "./description.ts";
import type { Endpoint } from "./scrapes.ts";

/** What a PodMonitor of the Prometheus Operator says of a group of pods. */
interface PodMonitorSpec {
  selector: { matchLabels: Record<string, string> };
  podMetricsEndpoints: object[];
}

/**
 * A monitor for each group of pods, by its name: the operator's form of the table of scrapes.
 *
 * Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 */
export function podMonitors(endpoints: readonly Endpoint[]): Map<PodGroupName, PodMonitorSpec> {
  const groups = Map.groupBy(endpoints, ({ group }) => group);
  return new Map(
    [...groups].map(([group, ofGroup]) => [
      group,
      { selector: { matchLabels: podGroups[group].labels }, podMetricsEndpoints: ofGroup.map(monitored) },
    ]),
  );
}

function monitored({ job, port, path, credentials }: Endpoint): object {
  return {
    ...(path === undefined ? {} : { path }),
    ...login(job, credentials),
    relabelings: [
      // The port's number, which no version of the operator takes for a chart's unnamed port and every version finds so.
      { action: "keep", sourceLabels: ["__meta_kubernetes_pod_container_port_number"], regex: String(port) },
      { action: "replace", targetLabel: "job", replacement: job },
    ],
  };
}

/** References to entries of the Secret, by the job that reads them. */
function login(job: string, credentials: Endpoint["credentials"]): object {
  if (credentials === undefined) return {};
  const entry = (what: string) => ({ name: metricsCredentials, key: `${job}-${what}` });
  if (credentials !== "own" && "token" in credentials) return { authorization: { credentials: entry("token") } };
  return { basicAuth: { username: entry("username"), password: entry("password") } };
}

/**
 * The entries of that Secret.
 *
 * @throws Error for an endpoint that asks for the login of the platform's own Prometheus
 */
export function monitorSecret(endpoints: readonly Endpoint[]): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    endpoints.flatMap(({ job, credentials }): [string, pulumi.Input<string>][] => {
      if (credentials === undefined) return [];
      if (credentials === "own") throw new Error(`${job} takes the login of a Prometheus that the stack does not run`);
      if ("token" in credentials) return [[`${job}-token`, credentials.token]];
      return [
        [`${job}-username`, credentials.username],
        [`${job}-password`, credentials.password],
      ];
    }),
  );
}
