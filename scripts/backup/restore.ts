import { backupCronJob, runBackup } from "./backup-job.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { pauseClients, resumeClients } from "../platform/pause-clients.ts";
import { rerunJobs } from "../platform/rerun-jobs.ts";

/** The Jobs that upgrade the restored data to the running versions. */
const schemaJobs = ["airflow-run-airflow-migrations", "mlflow-setup"];
/** They give the accounts that were restored the passwords of this platform. */
const accountJobs = ["mlflow-provision", "airflow-create-user"];

/** Restores with Airflow and MLflow stopped, and starts them again whatever becomes of it. */
export async function restore(target: KubectlTarget, args: string[]): Promise<number> {
  // Before anything is stopped.
  backupCronJob(target);
  let code = 1;
  let resumed: string[] = [];
  try {
    pauseClients(target);
    code = await runBackup(target, args);
    if (code === 0) rerunJobs(target, schemaJobs);
  } finally {
    resumed = resumeClients(target);
  }
  if (code !== 0) return code;
  for (const name of resumed) kubectl(target, ["rollout", "status", name, "--timeout=600s"]);
  rerunJobs(target, accountJobs);
  return code;
}
