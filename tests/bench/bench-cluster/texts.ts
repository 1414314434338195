import type { SectionName } from "./report.ts";

/** What stands above each section's figures. */
export const sectionTexts: Record<SectionName, { title: string; what: string }> = {
  ready: {
    title: "From an empty cluster to everything ready",
    what: `Time until every Deployment and StatefulSet is ready and every Job complete, on a cluster whose node holds all images.
Three ways with the same objects: in the program's order by the deployer below, all at once (one \`kubectl apply\`, then waiting for all), and by
hand: part after part, \`kubectl apply\` and \`kubectl rollout status\` or \`kubectl wait\` before the next one. Medians of three
times in turn; restarts and failed pods are those of all times.`,
  },
  idle: {
    title: "An idle platform",
    what: `CPU and memory (working set) of each component after two minutes without a task, as the kubelet sees them: the CPU is
the mean of a minute. Beside it what the stack's workloads request of the cluster as long as they exist.`,
  },
  restore: {
    title: "Backup and restore of 1 GB",
    what: `A table of about 1 GB in a project's database, then \`make backup\` and \`make restore\` in the cluster. A restore stops
Airflow and MLflow, replaces every database, runs the migrations and the Jobs of accounts again, and waits until all is ready.`,
  },
  dags: {
    title: "Growth with DAGs",
    what: `DAG files of one \`KubernetesPodOperator\` task each, made by \`dags/common/tasks.py\`, not paused, put in the DAG folder:
time until the API lists all of them. Then 20 runs, one a second, of a DAG with one EmptyOperator among them: the
scheduling delay is from the run's \`queued_at\` to its \`start_date\`, the task's to the start of its task.`,
  },
  projects: {
    title: "Growth with projects",
    what: `An offline rendering of the stack as a process of its own (median of three), and the time to deploy Postgres, MinIO, MLflow and
the projects' own namespaces, accounts, databases, users and policies to an empty cluster; Airflow and monitoring are left out there.`,
  },
  tasks: {
    title: "Overhead of a task",
    what: `Runs of the DAG \`platform_check\`, one \`KubernetesPodOperator\` task, beside a bare pod of the same image, command,
environment and resources. Run: from the run's \`queued_at\` to its \`end_date\`. Bare pod: from its creation to its success.
Medians of five after one that is not counted. The rate is that of one run of short tasks with \`max_active_tasks\` 1 and 4.`,
  },
};
