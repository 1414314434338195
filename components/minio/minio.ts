import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StorageClient } from "../clients.ts";
import { clusterService } from "../objects/cluster-service.ts";
import type { ObjectStorage, StorageAccess } from "../cluster/cluster.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import { generateKeys } from "./minio-keys.ts";
import { consolePort, s3Port } from "./description.ts";
import { minioPod } from "./minio-pod.ts";
import { bucket, type ClientUser, clientUsers, keyFiles, metricsUser, storageSpec, tokenOf } from "./minio-users.ts";
import type { PlatformSign } from "../ownership/platform-sign.ts";
import { provisionJob } from "../objects/provision-job.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";
import { statefulServer } from "../objects/stateful-server.ts";
import { volumeClaim } from "../objects/volume-claim.ts";

export interface MinioArgs {
  namespace: pulumi.Input<string>;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  storageGiB: number;
  /** Each gets a user that reaches its own prefix alone. */
  clients: StorageClient[];
  images: Images;
  /** A server with MinIO's API, `repository:tag`. @default - the pinned one */
  image?: string | undefined;
  /** Signature of the bucket, which keeps other platforms from changing it. */
  sign: PlatformSign;
  /** Generation of the clients' users; a higher number makes new ones beside those that are there. */
  generation: number;
  /** Generation of the root user's keys; a higher number makes new ones and restarts the server. */
  adminGeneration: number;
}

/**
 * One MinIO server on a volume of its own, with one bucket and a user for each client.
 *
 * A client that is taken out of the list keeps its user and its data. It requests 50m CPU and 256 MiB of memory.
 *
 * ```ts
 * const storage = new Minio("minio", { namespace, storageClass, storageGiB: 20, clients, images, sign, generation: 1, adminGeneration: 1 });
 * ```
 */
export class Minio extends pulumi.ComponentResource implements ObjectStorage {
  readonly access: Record<string, StorageAccess>;
  readonly ready: pulumi.Resource[];
  /** The one bucket; each client has a prefix of it. */
  readonly bucket = bucket;
  /** Administrator of the console; the name is as random and secret as the password. */
  readonly adminUser: pulumi.Output<string>;
  readonly adminPassword: pulumi.Output<string>;
  /** What the server shows its metrics for. */
  readonly metricsToken: pulumi.Output<string>;

  constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:minio:Minio", name, {}, opts);
    const { namespace, clients, generation, adminGeneration } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const rootKeys = { accessKey: `${name}-root-access`, secretKey: `${name}-root` };
    const { accessKey, secretKey } = generateKeys(rootKeys, adminGeneration, child);
    this.adminUser = accessKey;
    this.adminPassword = secretKey;
    const ofClients = clientUsers(name, clients, generation, child);
    const ofMetrics = metricsUser(name, generation, child);
    this.metricsToken = tokenOf(ofMetrics);
    const users = [...ofClients, ofMetrics];
    const endpoint = pulumi.interpolate`http://${name}.${namespace}.svc:${s3Port}`;
    this.access = Object.fromEntries(ofClients.map((user) => [user.client.name, accessOf(user, endpoint)]));

    const secretOf = (role: string, stringData: Record<string, pulumi.Input<string>>): pulumi.Output<string> =>
      new k8s.core.v1.Secret(`${name}-${role}`, { metadata: metadata(role), stringData }, child).metadata.name;
    const root = secretOf("root", { user: this.adminUser, password: this.adminPassword });
    const userKeys = secretOf("users", keyFiles(users));
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
    const pod = { image: args.image ?? args.images.public("minio"), root, claim };
    const annotations = rolloutAnnotations(args.adminGeneration);
    const serverArgs = statefulServer(name, { namespace, annotations, pod: minioPod(pod) });
    const server = new k8s.apps.v1.StatefulSet(name, serverArgs, child);

    const { id, stack } = args.sign;
    const text = pulumi
      .all([endpoint, id])
      .apply(([url, signedBy]) => JSON.stringify(storageSpec(url, { id: signedBy, stack }, users), null, 2));
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
    const { access, adminUser, adminPassword, metricsToken, ready } = this;
    this.registerOutputs({ access, ready, bucket, adminUser, adminPassword, metricsToken });
  }
}

/** The environment that the AWS SDKs read; user and key together, so that no pod starts with those of two generations. */
function accessOf({ client, accessKey, secretKey }: ClientUser, endpoint: pulumi.Output<string>): StorageAccess {
  return {
    uri: `s3://${bucket}/${client.prefix}`,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      // MinIO takes any region; the SDKs demand one.
      AWS_REGION: "us-east-1",
    },
    secretEnvironment: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    accountAnnotations: {},
  };
}
