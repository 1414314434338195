import { backupAge } from "./checks/backup-age.ts";
import { blockedNetwork } from "./checks/blocked-network.ts";
import type { Check } from "./check.ts";
import { failedJob } from "./checks/failed-job.ts";
import { fernetKey } from "./checks/fernet-key.ts";
import { gitCredentials } from "./checks/git-credentials.ts";
import { hookMode } from "./checks/hook-mode.ts";
import { identityMissing } from "./checks/identity.ts";
import { imageNotPulled } from "./checks/image-not-pulled.ts";
import { killedByProbe } from "./checks/killed-by-probe.ts";
import { mlflowHost } from "./checks/mlflow-host.ts";
import { namespaceLabelsMissing } from "./checks/namespace-labels.ts";
import { notStarting } from "./checks/not-starting.ts";
import { oldPassword } from "./checks/old-password.ts";
import { outOfMemory } from "./checks/out-of-memory.ts";
import { pendingPod } from "./checks/pending-pod.ts";
import { pendingVolume } from "./checks/pending-volume.ts";
import { quotaFull } from "./checks/quota-full.ts";
import { stuckNamespace } from "./checks/stuck-namespace.ts";

/** Every check, in the order in which a deployment meets the problems. */
export const checks: readonly Check[] = [
  imageNotPulled,
  pendingVolume,
  pendingPod,
  blockedNetwork,
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
  namespaceLabelsMissing,
  quotaFull,
  backupAge,
  stuckNamespace,
];
