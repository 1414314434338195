import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../objects/generated-password.ts";
import { clusterService } from "../objects/cluster-service.ts";
import type { StorageAccess } from "../cluster/cluster.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { adminUser, authConfig, databaseUri, secretKeys } from "./mlflow-config.ts";
import { mlflowPort } from "./description.ts";
import { type MlflowPodArgs, serverPod, setupPod } from "./mlflow-pod.ts";
import { type MlflowUser, MlflowUsers } from "./mlflow-users.ts";
import { replaceFailedJob, rolloutAnnotations } from "../objects/rollout.ts";

export interface MlflowArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  /** Runs, models and their versions. */
  database: DatabaseConnection;
  /** Users and permissions; on the same server. */
  authDatabase: DatabaseConnection;
  /** Artifacts; clients reach them through the server and need no credentials of the store. */
  artifacts: StorageAccess;
  /** Hosts under which the UI is exposed, with the port where a browser sends one. */
  allowedHosts: pulumi.Input<string>[];
  /** Each gets an account, which sees what it has made itself. */
  users: string[];
  /** Generation of the users' passwords; a higher number makes new ones. */
  generation: number;
  /** Generation of the administrator's password. */
  adminGeneration: number;
  /** Generations of credentials that others make, by their name; another number restarts the server. @default {} */
  credentialGenerations?: Record<string, number>;
}

/**
 * MLflow's tracking server and registry behind passwords, with its schemas upgraded first.
 *
 * It requests 100m CPU and 512 MiB of memory.
 *
 * ```ts
 * new Mlflow("mlflow", { namespace, images, database, authDatabase, artifacts, allowedHosts: [], users: ["pageviews"], generation: 1, adminGeneration: 1 });
 * ```
 */
export class Mlflow extends pulumi.ComponentResource {
  /** In the cluster. */
  readonly trackingUri: pulumi.Output<string>;
  /** The administrator, and the only user to whom the server shows its metrics. */
  readonly adminUser = adminUser;
  readonly adminPassword: pulumi.Output<string>;
  /** By the name of the user. */
  readonly users: Record<string, MlflowUser>;
  /** Resources that must exist before the first request of a user. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MlflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:mlflow:Mlflow", name, {}, opts);
    const { namespace, generation, adminGeneration, database } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const generated = (role: string, of: number) =>
      generatedPassword(`${name}-${role}`, { generation: of }, child).password;
    this.adminPassword = generated("admin", adminGeneration);
    const users = args.users.map((username) => ({ username, password: generated(`user-${username}`, generation) }));
    this.users = Object.fromEntries(users.map((user) => [user.username, user]));
    this.trackingUri = pulumi.interpolate`http://${name}.${namespace}.svc:${mlflowPort}`;

    const stringData = {
      [secretKeys.authConfig]: authConfig(databaseUri(args.authDatabase)),
      [secretKeys.backendStoreUri]: databaseUri(database),
      [secretKeys.adminPassword]: this.adminPassword,
      [secretKeys.flaskSecretKey]: generated("flask-secret-key", adminGeneration),
      ...args.artifacts.secretEnvironment,
    };
    const ca = { metadata: { ...metadata, name: `${name}-ca` }, data: { "ca.crt": database.caCertificate } };
    const account = { ...metadata, annotations: args.artifacts.accountAnnotations[name] ?? {} };
    const pod = {
      image: args.images.own("mlflow"),
      secret: new k8s.core.v1.Secret(name, { metadata, stringData }, child).metadata.name,
      ca: new k8s.core.v1.ConfigMap(`${name}-ca`, ca, child).metadata.name,
      serviceAccount: new k8s.core.v1.ServiceAccount(
        name,
        { metadata: account, automountServiceAccountToken: false },
        child,
      ).metadata.name,
    };
    const setup = setupJob(`${name}-setup`, args, pod);
    const service = new k8s.core.v1.Service(name, clusterService(name, namespace, { http: mlflowPort }), child);
    const server = new k8s.apps.v1.Deployment(name, deploymentArgs(metadata, args, pod), {
      ...child,
      // The server refuses a schema that is older than it.
      dependsOn: new k8s.batch.v1.Job(`${name}-setup`, setup, { ...child, deleteBeforeReplace: true }),
    });
    const { trackingUri, adminPassword } = this;
    const accounts = new MlflowUsers(
      `${name}-provision`,
      { namespace, images: args.images, generation, adminGeneration, trackingUri, adminPassword, users },
      { ...child, dependsOn: [service, server] },
    );
    this.ready = [service, server, ...accounts.ready];
    this.registerOutputs({ trackingUri, adminUser, adminPassword, users: this.users, ready: this.ready });
  }
}

interface Metadata {
  name: string;
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
}

function setupJob(name: string, args: MlflowArgs, pod: MlflowPodArgs): k8s.batch.v1.JobArgs {
  // Not the server's labels: its Service would send requests here.
  const metadata = { name, namespace: args.namespace, labels: labels(name), annotations: replaceFailedJob };
  const template = { metadata: { labels: labels(name), annotations: rollout(args) }, spec: setupPod(pod) };
  return { metadata, spec: { backoffLimit: 6, template } };
}

function deploymentArgs(
  metadata: Metadata,
  args: MlflowArgs,
  pod: MlflowPodArgs & { serviceAccount: pulumi.Input<string> },
): k8s.apps.v1.DeploymentArgs {
  const { namespace, artifacts, allowedHosts: exposedHosts } = args;
  return {
    metadata,
    spec: {
      replicas: 1,
      // Two versions cannot share one schema, and a small node lacks the memory for both.
      strategy: { type: "Recreate" },
      selector: { matchLabels: selectorLabels(metadata.name) },
      template: {
        metadata: { labels: metadata.labels, annotations: rollout(args) },
        spec: serverPod({ ...pod, namespace, artifacts, exposedHosts }),
      },
    },
  };
}

function rollout({ adminGeneration, database, authDatabase, artifacts, credentialGenerations }: MlflowArgs) {
  const fingerprints = [artifacts, database, authDatabase].map(({ fingerprint = "" }) => fingerprint);
  const others = JSON.stringify(credentialGenerations ?? {}) + fingerprints.join("");
  return rolloutAnnotations(adminGeneration, pulumi.interpolate`${database.caCertificate}${others}`);
}
