import { replaceFailedJob } from "../objects/rollout.ts";
import { secretVariable } from "../objects/secret-variable.ts";
import type { ChartValues, EnvVar } from "./chart-values.ts";
import { secrets, serviceAccounts } from "./names.ts";
import { after } from "./ordering.ts";
import { componentResources } from "./resources.ts";
import { serviceAccount } from "./security.ts";
import { importPools, poolsEnvironment } from "./site/pools.ts";
import type { SiteSettings } from "./site/site.ts";

/** Name of the user that may do everything. */
export const adminUser = "admin";

export interface JobOptions {
  namespace: string;
  /** Secrets of Airflow's own processes. */
  environment: EnvVar[];
  adminEmail: string;
  /** Generation of the admin's password; another one runs the Job again. */
  adminGeneration: number;
  site: Pick<SiteSettings, "pools">;
}

/** Values of the jobs: first the database's schema, then the admin user and the pools. */
export function jobValues(options: JobOptions): Pick<ChartValues, "migrateDatabaseJob" | "createUserJob"> {
  const { namespace, environment, adminEmail, adminGeneration } = options;
  const pools = poolsEnvironment(options.site.pools);
  const common = {
    useHelmHooks: false,
    ttlSecondsAfterFinished: null,
    resources: componentResources.job,
  } as const;
  return {
    migrateDatabaseJob: {
      ...common,
      jobAnnotations: replaceFailedJob,
      serviceAccount: serviceAccount(serviceAccounts.migrateDatabaseJob),
      env: environment,
    },
    createUserJob: {
      ...common,
      // Both write the roles' permissions when they start, and the same ones at the same time is a race.
      jobAnnotations: { ...replaceFailedJob, ...after(namespace, "apiServer") },
      serviceAccount: serviceAccount(serviceAccounts.createUserJob),
      env: [
        ...environment,
        { name: "ADMIN_EMAIL", value: adminEmail },
        secretVariable("ADMIN_PASSWORD", secrets.admin, "password"),
        { name: "ADMIN_PASSWORD_GENERATION", value: String(adminGeneration) },
        ...pools,
      ],
      command: ["bash", "-c"],
      args: [pools.length === 0 ? createUserScript : createUserScript + importPools],
    },
  };
}

/**
 * Makes the admin user, or gives the one that is there the password of now.
 *
 * Creating an existing user succeeds and changes nothing. Passwords are typed in, since any process on the node sees
 * arguments. At last what older Fernet keys have encrypted is encrypted with the newest, so that they can go. Each
 * command starts Airflow once, seconds of CPU that a first deployment waits for: what it does not need is left out.
 */
const createUserScript = `set -euo pipefail
type_password() { printf '%s\\n%s\\n' "$ADMIN_PASSWORD" "$ADMIN_PASSWORD"; }
said=$(type_password | airflow users create --username ${adminUser} --role Admin \\
  --firstname Platform --lastname Administrator --email "$ADMIN_EMAIL")
printf '%s\\n' "$said"
case $said in
  *'"${adminUser}" created'*) ;;
  *) type_password | airflow users reset-password --username ${adminUser} ;;
esac
case $AIRFLOW__CORE__FERNET_KEY in
  *,*) airflow rotate-fernet-key ;;
esac
`;
