import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { consolePort, s3Port, minio } from "./description.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";

/** Any user but root: the image names none, so that the pod must. */
const minioUser = 1000;
const rootFolder = "/etc/minio-root";

interface MinioPodArgs {
  image: pulumi.Input<string>;
  /** Secret with the root user's `user` and `password`. */
  root: pulumi.Input<string>;
  /** Claim of the volume. */
  claim: pulumi.Input<string>;
}

/** The pod of one MinIO server: non-root, with a read-only root filesystem. */
export function minioPod(args: MinioPodArgs): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(minioUser, {
    terminationGracePeriodSeconds: 60,
    containers: [container(args.image)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: args.claim } },
      { name: "root", secret: { secretName: args.root, defaultMode: 0o440 } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ],
  });
}

function container(image: pulumi.Input<string>): k8s.types.input.core.v1.Container {
  return {
    name: "minio",
    image,
    // A folder below the mount, since a hostPath volume's root belongs to root.
    args: ["server", "/data/minio", "--address", `:${s3Port}`, "--console-address", `:${consolePort}`],
    env: [
      { name: "MINIO_ROOT_USER_FILE", value: `${rootFolder}/user` },
      { name: "MINIO_ROOT_PASSWORD_FILE", value: `${rootFolder}/password` },
      // Metrics for a token alone, of a user who may read nothing else.
      { name: "MINIO_PROMETHEUS_AUTH_TYPE", value: "jwt" },
      // Updates arrive as a new image; the server must not look for them.
      { name: "MINIO_UPDATE", value: "off" },
      // The S3 port would send browsers to the console's port on the same host, which is another Service's elsewhere.
      { name: "MINIO_BROWSER_REDIRECT", value: "off" },
      { name: "HOME", value: "/tmp" },
      // 180 MiB of queues are there from the start, and Go's default lets as much garbage gather on top of them.
      { name: "GOGC", value: "50" },
      { name: "GOMEMLIMIT", value: "900MiB" },
    ],
    ports: [
      { name: "s3", containerPort: s3Port },
      { name: "console", containerPort: consolePort },
    ],
    startupProbe: { httpGet: { path: "/minio/health/live", port: "s3" }, periodSeconds: 3, failureThreshold: 100 },
    readinessProbe: { httpGet: { path: "/minio/health/ready", port: "s3" }, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: {
      httpGet: { path: "/minio/health/live", port: "s3" },
      periodSeconds: 20,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    resources: minio.pods.minio.resources,
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "root", mountPath: rootFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
