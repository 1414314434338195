import { restrictedContainer, restrictedPod } from "../../components/objects/restricted.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

/** What a pod of the tests runs, and as whom. */
export interface ScriptPod {
  project: string;
  /** @default - the project's name */
  namespace?: string;
  name: string;
  image: string;
  /** Python, which prints what it finds. */
  script: string;
  /** The Secret with its credentials. @default - the project's own */
  secret?: string | undefined;
}

/** User of the images in images/. */
const imageUser = 10001;

/** A pod of a project with what dags/common gives each task: environment, account, authority of the database. */
export function scriptPod(args: ScriptPod): KubernetesObject {
  const { project, namespace = project, name, image, script, secret = project } = args;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      serviceAccountName: project,
      automountServiceAccountToken: false,
      securityContext: restrictedPod(imageUser),
      containers: [
        {
          name: "base",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["python3", "-c", script],
          envFrom: [{ configMapRef: { name: project } }, { secretRef: { name: secret } }],
          resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
          securityContext: restrictedContainer,
          volumeMounts: [
            { name: "ca", mountPath: "/etc/postgres-ca", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "ca", configMap: { name: "postgres-ca" } },
        { name: "tmp", emptyDir: {} },
      ],
    },
  };
}
