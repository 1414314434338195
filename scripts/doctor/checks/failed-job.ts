import type { Query, Check, Finding, Snapshot } from "../check.ts";
import type { Job } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { lastLine, oneLine } from "../pods.ts";

export const failedJob: Check = {
  id: "failed-job",
  severity: "error",
  looksAt: "every Job of the platform, and the end of failed Jobs' logs",
  means: "A Job that prepares databases, buckets, users or the schema, or that makes a backup, failed.",
  remedy: "Fix the cause that its log names, then run `make up`: the next update recreates a failed Job.",
  threads: ["https://github.com/pulumi/pulumi-kubernetes/issues/856"],
  kinds: ["jobs", "cronjobs"],
  find: async (snapshot, query) => {
    const failed = snapshot.of("jobs").filter((job) => isFailed(job) && !isMadeGood(job, snapshot));
    return Promise.all(failed.map((job) => describe(job, query)));
  },
};

function isFailed({ status }: Job): boolean {
  return status.conditions?.some(({ type, status: holds }) => type === "Failed" && holds === "True") ?? false;
}

/** A failed run of a CronJob that has succeeded since. */
function isMadeGood({ metadata, status }: Job, { of }: Snapshot): boolean {
  const cronJob = of("cronjobs").find(
    (one) => one.metadata.namespace === metadata.namespace && metadata.name.startsWith(`${one.metadata.name}-`),
  );
  const success = cronJob?.status.lastSuccessfulTime;
  return success !== undefined && status.startTime !== undefined && success > status.startTime;
}

async function describe({ metadata, status }: Job, query: Query): Promise<Finding> {
  const { namespace = "", name } = metadata;
  const log = await query.logs({ namespace, of: `job/${name}`, lines: 200 });
  const reason = status.conditions?.find(({ type }) => type === "Failed")?.reason ?? "Failed";
  const found = `${reason}: ${provisionMessage(log) ?? lastWords(log) ?? "its pods and their logs are gone"}`;
  const again = name.startsWith("backup-") ? "make backup" : "make up";
  return {
    where: nameOf("jobs", metadata),
    found,
    remedy: `kubectl --namespace ${namespace} logs job/${name}; fix the cause, then ${again}`,
  };
}

/** All that a Job of the image `provision` says at its end: a line for each problem, with what fixes it. */
function provisionMessage(log: string | undefined): string | undefined {
  if (log === undefined) return undefined;
  const start = `\n${log}`.lastIndexOf("\nprovision ");
  if (start === -1) return undefined;
  const [first = "", ...problems] = log
    .slice(start)
    .split("\n")
    .map((line) => line.trim());
  return [first, problems.filter((line) => line !== "").join("; ")].join(" ").trim();
}

function lastWords(log: string | undefined): string | undefined {
  const last = lastLine(log);
  return last === undefined ? undefined : oneLine(last);
}
