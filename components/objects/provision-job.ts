import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Images } from "../images.ts";
import { labels } from "./labels.ts";
import { restrictedPodSpec } from "./restricted.ts";
import { replaceFailedJob, rolloutAnnotations } from "./rollout.ts";

/** Folder of the ConfigMap that holds the specification, `spec.json`. */
export const specFolder = "/etc/provision/spec";
/** Folder of a Secret of the Job. */
export const secretFolder = (role: string): string => `/etc/provision/${role}`;

/** User of images/provision. */
const provisionUser = 10001;

interface ProvisionJobArgs {
  /** Name of the Job, and of its pods for the NetworkPolicies. */
  name: string;
  namespace: pulumi.Input<string>;
  images: Images;
  /** What images/provision sets up. */
  command: "postgres" | "logins" | "minio" | "mlflow";
  /** The ConfigMap with `spec.json`, and its text: a change runs the Job again. */
  spec: { configMap: pulumi.Input<string>; text: pulumi.Input<string> };
  /** Names of the Secrets by the folder that they are mounted at. */
  secrets: Record<string, pulumi.Input<string>>;
  /** Generation of the secrets: another one runs the Job again. */
  generation: number;
  /**
   * Whether it changes nothing, so that its failure is an answer: it gives up within minutes, and the pod's status shows the
   * end of its log. @default false
   */
  isCheck?: boolean;
  /** @default - none */
  environment?: k8s.types.input.core.v1.EnvVar[];
}

/**
 * A Job that brings users, databases or buckets to what a specification says.
 *
 * It may run any number of times. Register it with `deleteBeforeReplace`: its name stays and a Job's pod template can't
 * be changed in place.
 */
export function provisionJob(args: ProvisionJobArgs): k8s.batch.v1.JobArgs {
  return {
    metadata: {
      name: args.name,
      namespace: args.namespace,
      labels: labels(args.name),
      annotations: replaceFailedJob,
    },
    spec: {
      backoffLimit: args.isCheck === true ? 1 : 6,
      template: {
        metadata: { labels: labels(args.name), annotations: rolloutAnnotations(args.generation, args.spec.text) },
        spec: restrictedPodSpec(provisionUser, {
          restartPolicy: args.isCheck === true ? "Never" : "OnFailure",
          containers: [container(args)],
          volumes: volumes(args),
        }),
      },
    },
  };
}

function container(args: ProvisionJobArgs): k8s.types.input.core.v1.Container {
  const isCheck = args.isCheck === true;
  return {
    name: "provision",
    image: args.images.own("provision"),
    args: [args.command, "--spec", `${specFolder}/spec.json`, ...(isCheck ? ["--timeout-seconds", "60"] : [])],
    ...(isCheck ? { terminationMessagePolicy: "FallbackToLogsOnError" } : {}),
    env: args.environment ?? [],
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    volumeMounts: [
      { name: "spec", mountPath: specFolder, readOnly: true },
      ...Object.keys(args.secrets).map((role) => ({ name: role, mountPath: secretFolder(role), readOnly: true })),
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function volumes(args: ProvisionJobArgs): k8s.types.input.core.v1.Volume[] {
  return [
    { name: "spec", configMap: { name: args.spec.configMap } },
    ...Object.entries(args.secrets).map(([role, secretName]) => ({
      name: role,
      secret: { secretName, defaultMode: 0o440 },
    })),
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
  ];
}
