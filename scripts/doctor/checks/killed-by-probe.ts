import type { Check, Snapshot } from "../check.ts";
import type { Event } from "../../../lib/kubernetes/api.ts";
import { containersOf, oneLine, type PodContainer } from "../pods.ts";

/** What the kubelet says when it kills a container for a probe; a readiness probe kills none. */
const killing = /^Container \S+ failed (startup|liveness) probe/;
const recentMs = 3_600_000;

export const killedByProbe: Check = {
  id: "killed-by-probe",
  severity: "warning",
  looksAt: "events of the last hour, and restarts",
  means: "A probe fails before a starting or busy container answers, and the kubelet restarts the container.",
  remedy:
    "If the node is busy, give it more CPU or start fewer pods at once. If the work takes that long, raise " +
    "failureThreshold: components/airflow/processes.ts for Airflow, the component's own file for the others.",
  threads: ["https://github.com/apache/airflow/issues/47093", "https://github.com/apache/airflow/issues/44159"],
  kinds: ["events", "pods"],
  find: (snapshot) =>
    containersOf(snapshot.of("pods")).flatMap((container) => {
      const events = eventsOf(container, snapshot);
      const kill = events.findLast(({ message = "" }) => killing.test(message));
      const [, probe] = killing.exec(kill?.message ?? "") ?? [];
      if (probe === undefined) return [];
      const answer = events.findLast(
        ({ reason, message = "" }) => reason === "Unhealthy" && message.toLowerCase().startsWith(probe),
      );
      const times = `killed by its ${probe} probe, restarts ${container.status.restartCount}`;
      const found = answer === undefined ? times : `${times}: ${oneLine(answer.message ?? "", 100)}`;
      return [{ where: container.where, found, remedy: remedyOf(container) }];
    }),
};

function eventsOf({ pod, status }: PodContainer, { of, now }: Snapshot): Event[] {
  const { namespace, name } = pod.metadata;
  return of("events").filter(
    ({ involvedObject: about, ...event }) =>
      about.namespace === namespace &&
      about.name === name &&
      about.fieldPath?.endsWith(`{${status.name}}`) === true &&
      now.getTime() - timeOf(event) < recentMs,
  );
}

function timeOf({ lastTimestamp, eventTime }: Pick<Event, "lastTimestamp" | "eventTime">): number {
  return Date.parse(lastTimestamp ?? eventTime ?? "");
}

function remedyOf({ pod, status }: PodContainer): string {
  const { namespace = "", labels } = pod.metadata;
  const file = labels?.release === "airflow" ? "components/airflow/processes.ts" : "the component's own file";
  return `kubectl --namespace ${namespace} logs ${pod.metadata.name} --container ${status.name}; raise failureThreshold in ${file}`;
}
