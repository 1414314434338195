import { setTimeout as sleep } from "node:timers/promises";
import { restrictedContainer, restrictedPod } from "../../components/objects/restricted.ts";
import { kubectl, type Place } from "../platform/kubectl.ts";
import { Failure } from "./check.ts";
import type { PlatformJson } from "../platform/platform-json.ts";

/** User of the images in images/. */
const imageUser = 10001;
/** The API server ends it if this program cannot. */
const deadlineSeconds = 300;

/** A pod of a project, with the settings and the identity of its task pods. */
export function projectPod(
  platform: PlatformJson,
  project: string,
  image: string,
  name: string,
  args: string[],
): object {
  const place = platform.projects[project];
  const reference = platform.images[image];
  if (place === undefined || reference === undefined) throw new Error(`platform.json has no ${project} or no ${image}`);
  const volumes = place.volumes.map(({ name, claim, configMap, readOnly }) =>
    claim === undefined
      ? { name, configMap: { name: configMap } }
      : { name, persistentVolumeClaim: { claimName: claim, readOnly } },
  );
  const mounts = place.volumes.map(({ name, mountPath, readOnly }) => ({ name, mountPath, readOnly }));
  const labels = { "app.kubernetes.io/name": image, "app.kubernetes.io/component": "verify" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: place.namespace, labels },
    spec: {
      restartPolicy: "Never",
      activeDeadlineSeconds: deadlineSeconds,
      serviceAccountName: place.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: restrictedPod(imageUser),
      containers: [
        {
          name: "base",
          image: reference,
          imagePullPolicy: platform.imagePullPolicy,
          args,
          envFrom: [
            { configMapRef: { name: place.configMap, optional: true } },
            { secretRef: { name: place.secret, optional: true } },
          ],
          resources: place.resources,
          securityContext: restrictedContainer,
          volumeMounts: [...mounts, { name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [...volumes, { name: "tmp", emptyDir: { sizeLimit: "1Gi" } }],
    },
  };
}

/** Runs a command of an image in a project and returns what it printed; the pod is removed whatever becomes of it. */
export async function runInProject(
  place: Place,
  platform: PlatformJson,
  project: string,
  image: string,
  args: string[],
): Promise<string> {
  const name = `verify-${args[0] ?? image}-${Date.now()}`;
  const there = { ...place, namespace: platform.projects[project]?.namespace ?? project };
  kubectl(there, ["create", "--filename", "-"], JSON.stringify(projectPod(platform, project, image, name, args)));
  try {
    for (let seconds = 0; seconds < deadlineSeconds; seconds++) {
      const phase = kubectl(there, ["get", "pod", name, "--output", "jsonpath={.status.phase}"]);
      if (phase === "Succeeded") return kubectl(there, ["logs", name]);
      if (phase === "Failed") throw new Failure(lastLine(kubectl(there, ["logs", name])), "follow its message");
      await sleep(1000);
    }
    throw new Failure(
      `a pod of ${image} in ${there.namespace} has not finished after ${deadlineSeconds} s`,
      `kubectl get events --namespace ${there.namespace}; make doctor`,
    );
  } finally {
    kubectl(there, ["delete", "pod", name, "--ignore-not-found", "--wait=false"]);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
