import type * as k8s from "@pulumi/kubernetes";
import { restrictedPodOfGroup, restrictedPodSpec } from "../objects/restricted.ts";
import { fitPod, noFit, type PodFit } from "../site/pod-fit.ts";
import type { TaskVolume } from "./project.ts";

/** User and group of the images in images/. */
export const imageUser = 10001;

/** Requests and limits of a task pod that sets none. */
export const defaultTaskResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

interface TaskPodArgs {
  project: string;
  namespace: string;
  volumes: TaskVolume[];
  /** What the site wants of it. @default - nothing */
  fit?: PodFit;
}

/**
 * The pod of a project's tasks, to which a task adds its name, its image and its arguments.
 *
 * The container's environment is the project's ConfigMap and Secret, its identity the project's service account.
 */
export function taskPodTemplate({
  project,
  namespace,
  volumes,
  fit = noFit,
}: TaskPodArgs): k8s.types.input.core.v1.PodTemplateSpec {
  const labels = {
    "app.kubernetes.io/component": "task",
    "app.kubernetes.io/part-of": project,
    "app.kubernetes.io/managed-by": "airflow",
  };
  // Workload Identity asks the metadata server and IRSA mounts a token of its own: neither needs the API's.
  const spec = restrictedPodSpec(imageUser, {
    serviceAccountName: project,
    restartPolicy: "Never",
    containers: [
      {
        // The container of this name is the one that KubernetesPodOperator completes.
        name: "base",
        // Optional: a project without ConfigMap or Secret works. The Secret is last, so that its keys win.
        envFrom: [
          { configMapRef: { name: project, optional: true } },
          { secretRef: { name: project, optional: true } },
        ],
        resources: defaultTaskResources,
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...volumes.map(mount)],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }, ...volumes.map(volume)],
  });
  // An image from another repository keeps the user that it names itself.
  const template = {
    metadata: { namespace, labels },
    spec: { ...spec, securityContext: restrictedPodOfGroup(imageUser) },
  };
  return fitPod(template, fit);
}

function volume({ name, claim, configMap, readOnly }: TaskVolume): k8s.types.input.core.v1.Volume {
  return claim === undefined
    ? { name, configMap: { name: configMap } }
    : { name, persistentVolumeClaim: { claimName: claim, readOnly } };
}

function mount({ name, mountPath, readOnly }: TaskVolume): k8s.types.input.core.v1.VolumeMount {
  return { name, mountPath, readOnly };
}
