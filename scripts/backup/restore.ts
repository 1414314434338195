import { runBackup } from "./backup-job.ts";
import { kubectl, type Place } from "../platform/kubectl.ts";
import { pauseClients, resumeClients } from "../platform/pause-clients.ts";
import { rerunJobs } from "../platform/rerun-jobs.ts";

/** They bring what was restored to the versions that run now. */
const schemaJobs = ["airflow-run-airflow-migrations", "mlflow-setup"];
/** They give the accounts that were restored the passwords of this platform. */
const accountJobs = ["mlflow-provision", "airflow-create-user"];

/** Restores with Airflow and MLflow stopped, and starts them again whatever becomes of it. */
export async function restore(place: Place, args: string[]): Promise<number> {
  let code = 1;
  let resumed: string[] = [];
  try {
    pauseClients(place);
    code = await runBackup(place, args);
    if (code === 0) rerunJobs(place, schemaJobs);
  } finally {
    resumed = resumeClients(place);
  }
  if (code !== 0) return code;
  for (const name of resumed) kubectl(place, ["rollout", "status", name, "--timeout=600s"]);
  rerunJobs(place, accountJobs);
  return code;
}
