import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StorageAccess } from "../cluster/cluster.ts";
import { allowedHosts, allowedOrigins, folders, secretKeys } from "./mlflow-config.ts";
import { mlflow, mlflowPort } from "./description.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { secretVariable } from "../objects/secret-variable.ts";

/** User of images/mlflow. */
const mlflowUser = 10001;

export interface MlflowPodArgs {
  image: pulumi.Input<string>;
  /** Secret with the keys of `secretKeys` and the secret environment of the artifact store. */
  secret: pulumi.Input<string>;
  /** ConfigMap with `ca.crt`. */
  ca: pulumi.Input<string>;
}

interface MlflowServerArgs extends MlflowPodArgs {
  namespace: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  artifacts: StorageAccess;
  /** Hosts of the UI, with the port where a browser sends one. */
  exposedHosts: pulumi.Input<string>[];
}

type PodSpec = k8s.types.input.core.v1.PodSpec;
type EnvVar = k8s.types.input.core.v1.EnvVar;

/** The pod of the tracking server: non-root, with a read-only root filesystem. */
export function serverPod(args: MlflowServerArgs): PodSpec {
  return restrictedPodSpec(mlflowUser, {
    serviceAccountName: args.serviceAccount,
    containers: [serverContainer(args)],
    volumes: volumes(args),
  });
}

/** The pod that upgrades both schemas and sets the administrator's password, before the server starts. */
export function setupPod(args: MlflowPodArgs): PodSpec {
  return restrictedPodSpec(mlflowUser, {
    restartPolicy: "OnFailure",
    containers: [
      {
        name: "setup",
        image: args.image,
        command: ["mlflow-setup"],
        env: environment(args),
        resources: mlflow.pods["mlflow-setup"].resources,
        volumeMounts,
      },
    ],
    volumes: volumes(args),
  });
}

function serverContainer(args: MlflowServerArgs): k8s.types.input.core.v1.Container {
  const { artifacts, namespace, exposedHosts } = args;
  const exposed = pulumi.all(exposedHosts);
  const hosts = pulumi.all([namespace, exposed]).apply(([name, listed]) => allowedHosts(name, listed).join(","));
  const origins = exposed.apply((listed) => allowedOrigins(listed).join(","));
  const isHealthy = { httpGet: { path: "/health", port: "http" }, timeoutSeconds: 10 };
  return {
    name: "mlflow",
    image: args.image,
    command: ["mlflow"],
    args: [
      "server",
      "--app-name=platform",
      "--host=0.0.0.0",
      `--port=${mlflowPort}`,
      // A second one takes 200 MiB more; threads serve requests side by side.
      "--workers=1",
      "--serve-artifacts",
      pulumi.interpolate`--artifacts-destination=${artifacts.uri}`,
      "--expose-prometheus=/tmp/metrics",
      pulumi.interpolate`--allowed-hosts=${hosts}`,
      ...(exposedHosts.length === 0 ? [] : [pulumi.interpolate`--cors-allowed-origins=${origins}`]),
    ],
    env: [...environment(args), ...serverEnvironment(args)],
    ports: [{ name: "http", containerPort: mlflowPort }],
    // Its imports alone take a minute on a busy node.
    startupProbe: { ...isHealthy, periodSeconds: 2, failureThreshold: 300 },
    readinessProbe: { ...isHealthy, periodSeconds: 10 },
    livenessProbe: { ...isHealthy, periodSeconds: 20, failureThreshold: 6 },
    resources: mlflow.pods.mlflow.resources,
    volumeMounts,
  };
}

/** Settings that the server and its setup share. */
function environment({ secret }: MlflowPodArgs): EnvVar[] {
  return [
    { name: "HOME", value: "/tmp" },
    { name: "MLFLOW_AUTH_CONFIG_PATH", value: `${folders.auth}/${secretKeys.authConfig}` },
    secretVariable("MLFLOW_BACKEND_STORE_URI", secret, secretKeys.backendStoreUri),
    secretVariable("MLFLOW_AUTH_ADMIN_PASSWORD", secret, secretKeys.adminPassword),
  ];
}

function serverEnvironment({ secret, artifacts }: MlflowServerArgs): EnvVar[] {
  return [
    // Nothing here runs jobs inside the server; its job runners would take three times the memory.
    { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" },
    secretVariable("MLFLOW_FLASK_SERVER_SECRET_KEY", secret, secretKeys.flaskSecretKey),
    ...Object.entries(artifacts.environment).map(([name, value]) => ({ name, value })),
    ...Object.keys(artifacts.secretEnvironment).map((name) => secretVariable(name, secret, name)),
  ];
}

const volumeMounts = [
  { name: "auth", mountPath: folders.auth, readOnly: true },
  { name: "ca", mountPath: folders.ca, readOnly: true },
  { name: "tmp", mountPath: "/tmp" },
];

function volumes({ secret, ca }: MlflowPodArgs): k8s.types.input.core.v1.Volume[] {
  const items = [{ key: secretKeys.authConfig, path: secretKeys.authConfig }];
  return [
    { name: "auth", secret: { secretName: secret, defaultMode: 0o440, items } },
    { name: "ca", configMap: { name: ca } },
    // Uploads of artifacts pass through it.
    { name: "tmp", emptyDir: { sizeLimit: "8Gi" } },
  ];
}
