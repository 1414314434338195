import type { Check, Finding } from "../check.ts";
import type { CronJob } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { lastDue } from "../../../lib/cron.ts";

/** Time that a run may take before it counts as missed. */
const marginMs = 2 * 3_600_000;

export const backupAge: Check = {
  id: "backup-age",
  severity: "warning",
  looksAt: "the CronJob of the backup: its schedule, whether it is suspended, and its last success",
  means:
    "The last successful backup is older than the schedule allows, there is none yet, or the CronJob is suspended.",
  remedy: "Run `make backup` to make a backup now. Its log shows the error.",
  threads: [
    "https://github.com/kubernetes/kubernetes/issues/45825",
    "https://github.com/kubernetes/kubernetes/issues/42649",
  ],
  kinds: ["cronjobs"],
  find: ({ of, now }) =>
    of("cronjobs")
      .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "backup")
      .flatMap((cronJob) => ofCronJob(cronJob, now)),
};

function ofCronJob({ metadata, spec, status }: CronJob, now: Date): Finding[] {
  const { namespace = "", name } = metadata;
  const where = nameOf("cronjobs", metadata);
  const last = status.lastSuccessfulTime;
  const since = last === undefined ? "no backup was ever made" : `the last successful backup is from ${last}`;
  if (spec.suspend === true) {
    const patch = `kubectl --namespace ${namespace} patch cronjob ${name} --patch '{"spec":{"suspend":false}}'`;
    return [{ where, found: `it is suspended; ${since}`, remedy: patch }];
  }
  const due = lastDue(spec.schedule, new Date(now.getTime() - marginMs));
  const made = Date.parse(last ?? metadata.creationTimestamp ?? now.toISOString());
  if (due === undefined || made >= due.getTime()) return [];
  return [
    {
      where,
      found: `${since}, and one was due at ${due.toISOString().slice(0, 16)}Z (${spec.schedule})`,
      remedy: "make backup",
    },
  ];
}
