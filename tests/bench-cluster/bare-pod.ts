import { at, listAt, textAt } from "../../preview/json.ts";
import type { KubernetesObject } from "../../preview/objects.ts";

/** What the pod does. */
export interface Command {
  /** Name of a folder in images/. */
  image: string;
  arguments: string[];
}

/**
 * The pod that dags/common makes of a task, without Airflow.
 *
 * @param platform content of platform.json, which DAGs read as well
 */
export function barePod(platform: unknown, project: string, command: Command): KubernetesObject {
  const own = at(platform, `projects.${project}`);
  const volumes = listAt(own, "volumes");
  const mounts = volumes.map((volume) => ({
    name: textAt(volume, "name"),
    mountPath: textAt(volume, "mountPath"),
    readOnly: at(volume, "readOnly"),
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "bare", namespace: textAt(own, "namespace") ?? project },
    spec: {
      restartPolicy: "Never",
      serviceAccountName: textAt(own, "serviceAccount"),
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, fsGroup: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "base",
          image: textAt(platform, `images.${command.image}`),
          imagePullPolicy: textAt(platform, "imagePullPolicy"),
          args: command.arguments,
          envFrom: [
            { configMapRef: { name: textAt(own, "configMap"), optional: true } },
            { secretRef: { name: textAt(own, "secret"), optional: true } },
          ],
          resources: at(own, "resources"),
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...mounts],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }, ...volumes.map(volumeOf)],
    },
  };
}

function volumeOf(volume: unknown): object {
  const [name, claimName, configMap] = ["name", "claim", "configMap"].map((key) => textAt(volume, key));
  return claimName === undefined
    ? { name, configMap: { name: configMap } }
    : { name, persistentVolumeClaim: { claimName, readOnly: at(volume, "readOnly") } };
}
