import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { StorageClient } from "./clients.ts";
import { clusterService } from "./cluster-service.ts";
import type { ObjectStorage, StorageAccess } from "./cluster/cluster.ts";
import type { Images } from "./images.ts";
import { labels, selectorLabels } from "./labels.ts";
import { consolePort, type MinioPodArgs, minioPod, s3Port } from "./minio-pod.ts";
import { bucket, rootUser, storageSpec, userOf } from "./minio-users.ts";
import { provisionJob } from "./provision-job.ts";
import { rolloutAnnotations } from "./rollout.ts";
import { volumeClaim } from "./volume-claim.ts";

export interface MinioArgs {
  namespace: pulumi.Input<string>;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  storageGiB: number;
  /** Each gets a user that reaches its own prefix alone. */
  clients: StorageClient[];
  images: Images;
  /** Generation of the clients' users; a higher number makes new ones beside those that are there. */
  generation: number;
  /** Generation of the root user's password; a higher number makes a new one and restarts the server. */
  adminGeneration: number;
}

/**
 * One MinIO server on a volume of its own, with one bucket and a user for each client.
 *
 * A client that is taken out of the list keeps its user and its data. It asks for 50m CPU and 256 MiB of memory.
 *
 * ```ts
 * const storage = new Minio("minio", { namespace, storageClass, storageGiB: 20, clients, images, generation: 1, adminGeneration: 1 });
 * ```
 */
export class Minio extends pulumi.ComponentResource implements ObjectStorage {
  readonly access: Record<string, StorageAccess>;
  readonly ready: pulumi.Resource[];
  /** The one bucket; each client has a prefix of it. */
  readonly bucket = bucket;
  /** User of the console who may do everything. */
  readonly adminUser = rootUser;
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:minio:Minio", name, {}, opts);
    const { namespace, clients, generation, adminGeneration } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const keyOf = (role: string, of: number): pulumi.Output<string> => {
      const keepers = { generation: String(of) };
      return new random.RandomPassword(`${name}-${role}`, { length: 32, special: false, keepers }, child).result;
    };
    this.adminPassword = pulumi.secret(keyOf("root", adminGeneration));
    const users = clients.map((client) => ({
      client,
      user: userOf(client, generation),
      key: pulumi.secret(keyOf(`user-${client.name}`, generation)),
    }));
    const endpoint = pulumi.interpolate`http://${name}.${namespace}.svc:${s3Port}`;
    this.access = Object.fromEntries(users.map((user) => [user.client.name, accessOf(user, endpoint)]));

    const secretOf = (role: string, stringData: Record<string, pulumi.Input<string>>): pulumi.Output<string> =>
      new k8s.core.v1.Secret(`${name}-${role}`, { metadata: metadata(role), stringData }, child).metadata.name;
    const root = secretOf("root", { user: rootUser, password: this.adminPassword });
    const userKeys = secretOf("users", Object.fromEntries(users.map(({ user, key }) => [user, key])));
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      volumeClaim({ ...args, name: `${name}-data`, component: name }),
      child,
    ).metadata.name;
    const service = new k8s.core.v1.Service(
      name,
      clusterService(name, namespace, { s3: s3Port, console: consolePort }),
      child,
    );
    const pod = { image: args.images.own("minio"), root, claim };
    const server = new k8s.apps.v1.StatefulSet(name, statefulSetArgs(name, args, pod), child);

    const text = endpoint.apply((url) => JSON.stringify(storageSpec(url, clients, generation), null, 2));
    const spec = new k8s.core.v1.ConfigMap(
      `${name}-spec`,
      { metadata: metadata("spec"), data: { "spec.json": text } },
      child,
    );
    const job = provisionJob({
      ...{ name: `${name}-provision`, namespace, generation: adminGeneration, images: args.images, command: "minio" },
      spec: { configMap: spec.metadata.name, text },
      secrets: { root, users: userKeys },
    });
    // The Job asks the server by its name alone.
    const dependsOn = [service, server];
    this.ready = [new k8s.batch.v1.Job(`${name}-provision`, job, { ...child, dependsOn, deleteBeforeReplace: true })];
    const { access, adminPassword, ready } = this;
    this.registerOutputs({ access, ready, bucket, adminUser: rootUser, adminPassword });
  }
}

interface ClientUser {
  client: StorageClient;
  user: string;
  key: pulumi.Output<string>;
}

/** The environment that the AWS SDKs read; user and key together, so that no pod starts with those of two generations. */
function accessOf({ client, user, key }: ClientUser, endpoint: pulumi.Output<string>): StorageAccess {
  return {
    uri: `s3://${bucket}/${client.prefix}`,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      // MinIO takes any region; the SDKs demand one.
      AWS_REGION: "us-east-1",
    },
    secretEnvironment: { AWS_ACCESS_KEY_ID: pulumi.secret(user), AWS_SECRET_ACCESS_KEY: key },
    accountAnnotations: {},
  };
}

function statefulSetArgs(name: string, args: MinioArgs, pod: MinioPodArgs): k8s.apps.v1.StatefulSetArgs {
  return {
    metadata: { name, namespace: args.namespace, labels: labels(name) },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: selectorLabels(name) },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels: labels(name), annotations: rolloutAnnotations(args.adminGeneration) },
        spec: minioPod(pod),
      },
    },
  };
}
