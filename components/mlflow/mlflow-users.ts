import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import { adminUser, usersSpec } from "./mlflow-config.ts";
import { provisionJob } from "../objects/provision-job.ts";

/** An account of the tracking server. */
export interface MlflowUser {
  username: string;
  password: pulumi.Output<string>;
}

export interface MlflowUsersArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  trackingUri: pulumi.Output<string>;
  adminPassword: pulumi.Output<string>;
  users: MlflowUser[];
  /** Generation of the users' passwords. */
  generation: number;
  /** Generation of the administrator's password. */
  adminGeneration: number;
}

/**
 * The accounts of the tracking server, made by a Job that may run again at any time.
 *
 * A user who is taken out of the list keeps the account and what is in it.
 *
 * ```ts
 * new MlflowUsers("mlflow-provision", { namespace, images, trackingUri, adminPassword, users, generation: 1, adminGeneration: 1 }, { dependsOn: server });
 * ```
 */
export class MlflowUsers extends pulumi.ComponentResource {
  /** Resources that must exist before the first request of a user. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MlflowUsersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:mlflow-users:MlflowUsers", name, {}, opts);
    const { namespace, images, generation, adminGeneration, users, trackingUri } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const passwords = Object.fromEntries(users.map(({ username, password }) => [username, password]));
    const stringData = { ...passwords, [adminUser]: args.adminPassword };
    const secret = new k8s.core.v1.Secret(name, { metadata, stringData }, child);
    const names = users.map(({ username }) => username);
    const text = trackingUri.apply((url) => usersSpec(url, names));
    const spec = new k8s.core.v1.ConfigMap(name, { metadata, data: { "spec.json": text } }, child);
    const job = provisionJob({
      ...{ name, namespace, images, generation, command: "mlflow" },
      spec: { configMap: spec.metadata.name, text: pulumi.interpolate`${text}${adminGeneration}` },
      secrets: { passwords: secret.metadata.name },
    });
    this.ready = [new k8s.batch.v1.Job(name, job, { ...child, deleteBeforeReplace: true })];
    this.registerOutputs({ ready: this.ready });
  }
}
