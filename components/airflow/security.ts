import { restrictedContainer, restrictedPod } from "../objects/restricted.ts";
import type { SecurityContexts, ServiceAccountValues } from "./chart-values.ts";

/** User of the Airflow image; its group is 0, so that files are writable under any user. */
const airflowUser = 50000;

/**
 * Pods of Airflow, as the `restricted` level asks.
 *
 * The chart replaces contexts and never merges them: what its own defaults would set is said again.
 */
export const airflowPod: SecurityContexts["pod"] = {
  runAsUser: airflowUser,
  fsGroup: 0,
  fsGroupChangePolicy: "OnRootMismatch",
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Containers of Airflow, which writes to its home: logs, compiled files, the bundles of DAGs. */
export const airflowContainer: SecurityContexts["container"] = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** git-sync writes itself into /etc/passwd, since ssh refuses a user without an entry there. */
export const gitSyncContainer: SecurityContexts["container"] = { ...airflowContainer, runAsUser: 65533 };

/** Contexts of the pods that are not Airflow's: StatsD's exporter and Redis. */
export function foreignContexts(user: number): SecurityContexts {
  return { pod: restrictedPod(user), container: restrictedContainer };
}

/** A service account that exists before the chart. */
export function serviceAccount(name: string): ServiceAccountValues {
  return { create: false, name };
}
