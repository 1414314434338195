import { groupOf, sizedGroups } from "../../../components/parts.ts";
import type { Check } from "../check.ts";
import { containersOf, type PodContainer } from "../pods.ts";

export const outOfMemory: Check = {
  id: "out-of-memory",
  severity: "error",
  looksAt: "the last termination of every container",
  means: "A container was killed because it exceeded its memory limit.",
  remedy:
    "Raise its limit in the stack file: `airflow.resources` for Airflow, `resources` for the other components; in the DAG, `limits=` " +
    "of `pod_task` for a task. Or reduce its parallel work.",
  threads: ["https://github.com/apache/airflow/issues/8779"],
  kinds: ["pods"],
  find: ({ of }) =>
    containersOf(of("pods")).flatMap((container) => {
      const { state, lastState, restartCount } = container.status;
      const isKilled = [state, lastState].some((one) => one?.terminated?.reason === "OOMKilled");
      if (!isKilled) return [];
      const limit = container.spec?.resources?.limits?.memory ?? "none";
      const found = `killed for exceeding its memory limit of ${limit}, restarts ${restartCount}`;
      return [{ where: container.where, found, remedy: `raise ${placeOf(container)}` }];
    }),
};

function placeOf({ pod }: PodContainer): string {
  const { labels = {} } = pod.metadata;
  const component = labels["app.kubernetes.io/component"];
  if (component === "task") return "limits.memory in the DAG: pod_task(limits=…)";
  if (labels.release === "airflow") return `airflow.resources.${camelCase(labels.component ?? "")}.limits.memory`;
  const group = groupOf(labels);
  return sizedGroups.some((name) => name === group)
    ? `resources.${String(group)}.limits.memory`
    : "limits.memory where the pod is made";
}

/** `apiServer` of `api-server`, as the stack file names Airflow's parts. */
function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
