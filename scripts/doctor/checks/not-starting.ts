import { isAboutGit } from "./git-credentials.ts";
import type { Query, Check, Finding } from "../check.ts";
import { containersOf, lastLine, oneLine, type PodContainer } from "../pods.ts";

const reasons = /^(CrashLoopBackOff|CreateContainerConfigError|CreateContainerError|RunContainerError|StartError)$/;
const crashing = "CrashLoopBackOff";
/** By SIGKILL or SIGTERM. */
const killed = new Set<number | undefined>([137, 143]);

export const notStarting: Check = {
  id: "not-starting",
  severity: "error",
  looksAt: "the state of every container, and the last log line of terminated ones",
  means: "A container ends repeatedly or cannot be created, for example because a Secret is missing.",
  remedy: "Read its last log lines: `kubectl --namespace <namespace> logs <pod> --container <container>`.",
  threads: ["https://github.com/airflow-helm/charts/issues/215"],
  kinds: ["pods"],
  find: async ({ of }, query) => {
    const waiting = containersOf(of("pods")).filter(isWaiting);
    return Promise.all(waiting.map((container) => describe(container, query)));
  },
};

/** Other checks report containers that were killed for memory or by a probe, wait for git, or belong to a Job. */
function isWaiting({ pod, status: { state, lastState, name, restartCount } }: PodContainer): boolean {
  const { waiting, terminated } = state ?? {};
  const ends = [terminated, lastState?.terminated];
  const isOther = ends.some((end) => killed.has(end?.exitCode)) || isAboutGit(`${name} ${waiting?.message ?? ""}`);
  // Between two starts a container is shortly neither running nor waiting.
  const hasEnded = terminated !== undefined && terminated.exitCode !== 0 && restartCount > 0;
  const isStuck = hasEnded || (waiting !== undefined && reasons.test(waiting.reason ?? ""));
  return isStuck && !isOther && pod.status.phase !== "Failed";
}

async function describe({ pod, status, where }: PodContainer, query: Query): Promise<Finding> {
  const { namespace = "", name } = pod.metadata;
  const { reason = crashing, message = "" } = status.state?.waiting ?? {};
  if (reason !== crashing) {
    return { where, found: `${reason}: ${oneLine(message)}`, remedy: "make up, which creates missing objects" };
  }
  const exitCode = (status.state?.terminated ?? status.lastState?.terminated)?.exitCode;
  // While it waits, this is the log of the one that ended; the one before may be gone.
  const log = await query.logs({ namespace, of: `pod/${name}`, container: status.name });
  const last = oneLine(lastLine(log) ?? "its log is empty");
  const found = `ended with exit code ${exitCode ?? "?"}, restarts ${status.restartCount}: ${last}`;
  return { where, found, remedy: `kubectl --namespace ${namespace} logs ${name} --container ${status.name}` };
}
