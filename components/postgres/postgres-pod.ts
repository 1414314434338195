import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { postgresPort as port, postgres } from "./description.ts";
import { folders, initdbArguments, serverArguments, setPassword } from "./postgres-settings.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";

/** User of the Debian images. */
const postgresUser = 999;

interface PostgresPodArgs {
  image: pulumi.Input<string>;
  /** Secret with the superuser's `password`. */
  superuser: pulumi.Input<string>;
  /** Secret with `tls.crt` and `tls.key`. */
  tls: pulumi.Input<string>;
  /** ConfigMap with `pg_hba.conf`. */
  config: pulumi.Input<string>;
  /** Claim of the volume. */
  claim: pulumi.Input<string>;
}

/** The pod of one Postgres server: non-root, with a read-only root filesystem. */
export function postgresPod(args: PostgresPodArgs): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(postgresUser, {
    // A shutdown writes a checkpoint first.
    terminationGracePeriodSeconds: 120,
    containers: [container(args.image)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: args.claim } },
      { name: "config", configMap: { name: args.config } },
      // Postgres takes a key of root's when only its own group reads it besides; the group comes from fsGroup.
      { name: "tls", secret: { secretName: args.tls, defaultMode: 0o440 } },
      { name: "superuser", secret: { secretName: args.superuser, defaultMode: 0o440 } },
      { name: "run", emptyDir: { sizeLimit: "16Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      // Parallel queries need more shared memory than the 64 MiB of a container's own.
      { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
    ],
  });
}

const isReady = { exec: { command: ["pg_isready", "--quiet", "--host=127.0.0.1"] }, timeoutSeconds: 5 };

function container(image: pulumi.Input<string>): k8s.types.input.core.v1.Container {
  return {
    name: "postgres",
    image,
    args: ["postgres", ...serverArguments],
    env: [
      { name: "PGDATA", value: folders.data },
      { name: "POSTGRES_PASSWORD_FILE", value: `${folders.superuser}/password` },
      { name: "POSTGRES_INITDB_ARGS", value: initdbArguments },
    ],
    ports: [{ name: "postgres", containerPort: port }],
    // Probes begin after it, so that a long recovery is never taken for a server that hangs.
    lifecycle: { postStart: { exec: { command: ["sh", "-ec", setPassword] } } },
    // The readiness is asked right after it: without it the first answer may be ten seconds late, and all wait for it.
    startupProbe: { ...isReady, periodSeconds: 1, failureThreshold: 60 },
    readinessProbe: { ...isReady, periodSeconds: 10 },
    // Status 1 is a server that refuses for now, as while it starts; only one that does not answer is restarted.
    livenessProbe: {
      exec: { command: ["sh", "-c", "pg_isready --quiet --host=127.0.0.1 || test $? -eq 1"] },
      periodSeconds: 20,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    resources: postgres.pods.postgres.resources,
    volumeMounts: [
      { name: "data", mountPath: folders.volume },
      { name: "config", mountPath: folders.config, readOnly: true },
      { name: "tls", mountPath: folders.tls, readOnly: true },
      { name: "superuser", mountPath: folders.superuser, readOnly: true },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shared-memory", mountPath: "/dev/shm" },
    ],
  };
}
