import type { Check } from "../check.ts";
import { containersOf, type PodContainer } from "../pods.ts";

export const outOfMemory: Check = {
  id: "out-of-memory",
  severity: "error",
  looksAt: "the last termination of every container",
  means: "A container was killed because it exceeded its memory limit.",
  remedy:
    "Raise its limit: components/airflow/resources.ts for Airflow, `limits=` of `pod_task` for a task, the component's own " +
    "file for the others. Or reduce its parallel work.",
  threads: ["https://github.com/apache/airflow/issues/8779"],
  kinds: ["pods"],
  find: ({ of }) =>
    containersOf(of("pods")).flatMap((container) => {
      const { state, lastState, restartCount } = container.status;
      const isKilled = [state, lastState].some((one) => one?.terminated?.reason === "OOMKilled");
      if (!isKilled) return [];
      const limit = container.spec?.resources?.limits?.memory ?? "none";
      const found = `killed for exceeding its memory limit of ${limit}, restarts ${restartCount}`;
      return [{ where: container.where, found, remedy: `raise limits.memory in ${fileOf(container)}` }];
    }),
};

function fileOf({ pod }: PodContainer): string {
  const { labels } = pod.metadata;
  if (labels?.["app.kubernetes.io/component"] === "task") return "the DAG: pod_task(limits=…)";
  return labels?.release === "airflow" ? "components/airflow/resources.ts" : "the component's own file";
}
