import type { SectionName } from "./report.ts";

/** The title and the introduction of each section. */
export const sectionTexts: Record<SectionName, { title: string; what: string }> = {
  ready: {
    title: "From an empty cluster to everything ready",
    what: `Time until every Deployment and StatefulSet is ready and every Job complete, on a cluster whose node holds all images.
The benchmark deploys the same objects in three ways: in the program's order with the deployer below, all at once (one
\`kubectl apply\`, then a wait for all), and by hand: one part after the other, each with \`kubectl apply\` and then
\`kubectl rollout status\` or \`kubectl wait\`. The times are medians of three runs in turn. Restarts and failed pods are totals of the three runs.`,
  },
  idle: {
    title: "An idle platform",
    what: `CPU and memory (working set) of each component after two minutes without a task, as the kubelet reports them. The CPU is
the average over one minute. The targets limit the total requests of the stack's workloads.`,
  },
  restore: {
    title: "Backup and restore of 1 GB",
    what: `A table of about 1 GB in a project's database, then \`make backup\` and \`make restore\` in the cluster. A restore stops
Airflow and MLflow, replaces every database, repeats the migrations and the Jobs that create accounts, and waits until all
workloads are ready.`,
  },
  dags: {
    title: "Growth with DAGs",
    what: `The benchmark adds unpaused DAG files to the DAG folder, each with one \`KubernetesPodOperator\` task from
\`dags/common/tasks.py\`, and measures the time until the API lists all of them. It then starts 20 runs, one each second, of a
DAG with one EmptyOperator. The delay of a run is the time from its \`queued_at\` to its \`start_date\`; the delay of its task, to
the start of the task.`,
  },
  projects: {
    title: "Growth with projects",
    what: `The time of an offline preview of the stack in its own process (median of three), and the time to deploy Postgres, MinIO, MLflow
and the projects' namespaces, accounts, databases, users and policies to an empty cluster. The deployment omits Airflow and
monitoring.`,
  },
  tasks: {
    title: "Overhead of a task",
    what: `This section compares runs of the DAG \`platform_check\`, one \`KubernetesPodOperator\` task, with a bare pod of the same image,
command, environment and resources. A run lasts from its \`queued_at\` to its \`end_date\`, a bare pod from its creation to its
success. The figures are medians of five runs after one that does not count. The rate is from one run of short tasks with
\`max_active_tasks\` 1 and 4.`,
  },
};
