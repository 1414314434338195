import { release } from "../../../components/airflow/names.ts";
import type { Check, Finding, Snapshot } from "../check.ts";
import { nameOf } from "../objects.ts";
import { merge } from "../pods.ts";

const hook = "helm.sh/hook";
const migration = "run-airflow-migrations";
const remedy = "useHelmHooks: false in migrateDatabaseJob and createUserJob of the chart's values, then make up";

export const hookMode: Check = {
  id: "hook-mode",
  severity: "error",
  looksAt: "Airflow's migration Job, Helm hooks on Jobs and Secrets, and pods that wait for the migration",
  means:
    "Airflow's chart was deployed with Helm hooks: Pulumi skips such objects, and Helm runs them only after the pods " +
    "that wait for them.",
  remedy:
    "Set `useHelmHooks: false` in migrateDatabaseJob and createUserJob, as components/airflow/jobs.ts does, and deploy with " +
    "`make up`.",
  threads: [
    "https://github.com/pulumi/pulumi-kubernetes/issues/3284",
    "https://github.com/apache/airflow/issues/11979",
    "https://github.com/apache/airflow/issues/32003",
  ],
  kinds: ["jobs", "secrets", "deployments", "pods"],
  find: (snapshot) => merge([...hooks(snapshot), ...missingMigration(snapshot)]),
};

function hooks({ of, platform }: Snapshot): Finding[] {
  const hooked = (["jobs", "secrets"] as const).flatMap((kind) =>
    of(kind)
      .filter(({ metadata }) => metadata.namespace === platform && metadata.annotations?.[hook] !== undefined)
      .map(({ metadata }) => ({ where: nameOf(kind, metadata), when: metadata.annotations?.[hook] ?? "" })),
  );
  return hooked.map(({ where, when }) => ({
    where,
    found: `it is a Helm hook (${when}), which Pulumi does not run`,
    remedy,
  }));
}

/** Without the Job, the migration does not run, and the pods that wait for it do not start. */
function missingMigration({ of, platform }: Snapshot): Finding[] {
  const isOfRelease = (labels: Record<string, string> | undefined) => labels?.release === release;
  const [deployment] = of("deployments").filter(
    ({ metadata }) => metadata.namespace === platform && isOfRelease(metadata.labels),
  );
  const hasJob = of("jobs").some(
    ({ metadata }) => metadata.namespace === platform && metadata.name.endsWith(migration),
  );
  if (deployment === undefined || hasJob) return [];
  const waiting = of("pods").filter(({ metadata, status }) => {
    const isWaiting = status.initContainerStatuses?.some(
      ({ name, state }) => name === "wait-for-airflow-migrations" && state?.terminated === undefined,
    );
    return metadata.namespace === platform && isWaiting === true;
  });
  const waits = waiting.length === 0 ? "" : `; ${waiting.length} pods wait for it`;
  return [
    {
      where: nameOf("deployments", deployment.metadata),
      found: `Airflow is deployed, but its migration Job does not exist${waits}`,
    },
  ];
}
