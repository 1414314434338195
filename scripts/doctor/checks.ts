import { backupAge } from "./backup-age.ts";
import type { Check } from "./check.ts";
import { failedJob } from "./failed-job.ts";
import { fernetKey } from "./fernet-key.ts";
import { gitCredentials } from "./git-credentials.ts";
import { hookMode } from "./hook-mode.ts";
import { identityMissing } from "./identity.ts";
import { imageNotPulled } from "./image-not-pulled.ts";
import { killedByProbe } from "./killed-by-probe.ts";
import { mlflowHost } from "./mlflow-host.ts";
import { notStarting } from "./not-starting.ts";
import { oldPassword } from "./old-password.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { pendingPod } from "./pending-pod.ts";
import { pendingVolume } from "./pending-volume.ts";
import { quotaFull } from "./quota-full.ts";
import { stuckNamespace } from "./stuck-namespace.ts";

/** Every check, in the order in which a deployment meets what they find. */
export const checks: readonly Check[] = [
  imageNotPulled,
  pendingVolume,
  pendingPod,
  hookMode,
  failedJob,
  oldPassword,
  notStarting,
  killedByProbe,
  outOfMemory,
  gitCredentials,
  identityMissing,
  fernetKey,
  mlflowHost,
  quotaFull,
  backupAge,
  stuckNamespace,
];
