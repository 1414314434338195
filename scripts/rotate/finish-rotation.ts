import { runJob } from "../backup/backup-job.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { waitForOldPods } from "./old-pods.ts";
import { freshJob } from "../platform/rerun-jobs.ts";

/** What `make rotate` renews; each is a key of the configuration's `rotation`. */
export const rotations = ["fernet", "admin", "database", "minio"] as const;
export type Rotation = (typeof rotations)[number];

/** The Job that creates the accounts of a generation, and that removes those of other generations. */
const accountJobs: Partial<Record<Rotation, string>> = { database: "databases", minio: "minio-provision" };

/**
 * The part of a rotation that comes after the update: once no pod is left that was started with the old value, it is
 * refused; with the Fernet key, everything is encrypted with the new one. It may run any number of times.
 *
 * Passwords of administrators are in no task's pod: the update itself has replaced them.
 */
export async function finishRotation(target: KubectlTarget, what: Rotation, timeoutSeconds = 86_400): Promise<void> {
  if (what === "fernet") encryptAnew(target);
  const job = accountJobs[what];
  if (job === undefined) return;
  await waitForOldPods(target, { timeoutSeconds });
  await retire(target, job);
}

/** Encrypts all connections and variables with the newest Fernet key, once every process knows it. */
function encryptAnew(target: KubectlTarget): void {
  const processes = ["--selector", "release=airflow,tier=airflow"];
  kubectl(target, ["rollout", "status", "deployments,statefulsets", ...processes, "--timeout=600s"]);
  console.error("encrypting connections and variables with the new Fernet key");
  const server = ["deployment/airflow-api-server", "--container", "api-server"];
  kubectl(target, ["exec", ...server, "--", "airflow", "rotate-fernet-key"]);
}

async function retire(target: KubectlTarget, name: string): Promise<void> {
  const job = JSON.parse(kubectl(target, ["get", "job", name, "--output", "json"])) as Parameters<typeof freshJob>[0];
  const retiring = `${name}-retire-${Date.now()}`;
  const code = await runJob(target, retiring, retireJob(job, retiring));
  if (code !== 0)
    throw new Error(`job/${retiring} exited with ${code}, so no other old value was revoked; its log shows the reason`);
}

/** The Job with `--retire`, tried once; its labels stay, since NetworkPolicies go by them. */
export function retireJob(job: Parameters<typeof freshJob>[0], name: string): object {
  const { metadata, spec, ...rest } = freshJob(job);
  const pod = spec.template.spec;
  const containers = pod?.containers.map(({ args = [], ...container }) => ({
    ...container,
    args: [...args, "--retire"],
  }));
  const template = { ...spec.template, spec: { ...pod, restartPolicy: "Never", containers } };
  return {
    ...rest,
    metadata: { name, labels: metadata.labels },
    spec: { ...spec, backoffLimit: 0, ttlSecondsAfterFinished: 86_400, template },
  };
}
