import { setTimeout as sleep } from "node:timers/promises";
import type { CronJob, Pod } from "../../lib/kubernetes/api.ts";
import { follow, kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

/** Finished Jobs stay for a day, so that their log can be read. */
const keptSeconds = 86_400;

/**
 * The Job that runs one command of images/backup in the CronJob's pod.
 *
 * Only a `run` is the CronJob's own: its success is a good backup, which no other command's is.
 */
export function backupJob(cronJob: Pick<CronJob, "metadata" | "spec">, name: string, args: string[]): object {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const { name: owner, uid } = cronJob.metadata;
  const [container, ...others] = spec?.template.spec?.containers ?? [];
  const containers = [{ ...container, args }, ...others];
  const isRun = args[0] === "run";
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: owner, uid, controller: true }];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: metadata?.labels, ...(isRun ? { ownerReferences } : {}) },
    spec: {
      ...spec,
      backoffLimit: 0,
      ttlSecondsAfterFinished: keptSeconds,
      template: { ...spec?.template, spec: { ...spec?.template.spec, containers } },
    },
  };
}

/** Runs a command of images/backup in the cluster, shows its log and returns its exit code. */
export async function runBackup(target: KubectlTarget, args: string[]): Promise<number> {
  const cronJob = backupCronJob(target);
  const name = `backup-${args[0] ?? "help"}-${Date.now()}`;
  return runJob(target, name, backupJob(cronJob, name, args));
}

/** @throws where the platform makes no backups */
export function backupCronJob(target: KubectlTarget): CronJob {
  const text = kubectl(target, ["get", "cronjob", "backup", "--ignore-not-found", "--output", "json"]);
  if (text === "")
    throw new Error(
      `namespace ${target.namespace} has no CronJob backup: set backup.enabled to true in the stack's file, then run \`make up\``,
    );
  return JSON.parse(text) as CronJob;
}

/** Makes a Job of one attempt, shows its log and returns its pod's exit code. */
export async function runJob(target: KubectlTarget, name: string, job: object): Promise<number> {
  kubectl(target, ["create", "--filename", "-"], JSON.stringify(job));
  console.error(`job/${name} in namespace ${target.namespace}`);
  for (;;) {
    const pod = podOf(target, name);
    if (pod?.exitCode !== undefined) return pod.exitCode;
    if (pod?.phase === "Running") await follow(target, ["logs", "--follow", `job/${name}`]);
    else if (pod?.waiting !== undefined) throw new Error(`the pod of job/${name} cannot start: ${pod.waiting}`);
    await sleep(1000);
  }
}

interface PodState {
  phase: string | undefined;
  exitCode: number | undefined;
  /** Why it will not start by itself. */
  waiting: string | undefined;
}

function podOf(target: KubectlTarget, job: string): PodState | undefined {
  const list = kubectl(target, ["get", "pods", "--selector", `job-name=${job}`, "--output", "json"]);
  const [pod] = (JSON.parse(list) as { items: Pod[] }).items;
  if (pod === undefined) return undefined;
  const { waiting, terminated } = pod.status.containerStatuses?.[0]?.state ?? {};
  const isStuck =
    waiting !== undefined && /^(ErrImage|ImagePull|CreateContainer|InvalidImage)/.test(waiting.reason ?? "");
  return {
    phase: pod.status.phase,
    exitCode: terminated?.exitCode,
    waiting: isStuck ? `${waiting.reason ?? ""}: ${waiting.message ?? ""}` : undefined,
  };
}
