import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedPassword } from "../objects/generated-password.ts";
import { type Certificate, selfSignedCertificate } from "../../lib/certificate.ts";
import { clusterService } from "../objects/cluster-service.ts";
import type { PostgresServer } from "../cluster/cluster.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import { postgresPod } from "./postgres-pod.ts";
import { postgresPort as port } from "./description.ts";
import { hostBasedAuthentication, superuser } from "./postgres-settings.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";
import { statefulServer } from "../objects/stateful-server.ts";
import { volumeClaim } from "../objects/volume-claim.ts";

export interface PostgresArgs {
  namespace: pulumi.Input<string>;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  storageGiB: number;
  images: Images;
  /** Generation of the certificate; a higher number makes a new one and restarts the server. */
  generation: number;
  /** Generation of the superuser's password; raise it by one at a time. */
  adminGeneration: number;
}

/**
 * One Postgres server on a volume of its own, reached over TLS alone.
 *
 * It requests 100m CPU and 256 MiB of memory.
 *
 * ```ts
 * const { server } = new Postgres("postgres", { namespace, storageClass, storageGiB: 20, images, generation: 1 });
 * ```
 */
export class Postgres extends pulumi.ComponentResource {
  /** How clients reach it; make roles and databases with `Databases`. */
  readonly server: PostgresServer;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:postgres:Postgres", name, {}, opts);
    const { namespace, generation, adminGeneration } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const keepers = { generation: String(generation) };
    const passwordOf = (n: number) => generatedPassword(`${name}-superuser-${n}`, {}, child).password;
    const password = passwordOf(adminGeneration);
    // Without a restart the server still has the one before.
    const previous = adminGeneration > 1 ? { previousAdminPassword: passwordOf(adminGeneration - 1) } : {};
    const seed = new random.RandomBytes(`${name}-tls-seed`, { length: 32, keepers }, child);
    const certificate = pulumi
      .all([seed.base64, namespace])
      .apply(([base64, ns]) => selfSignedCertificate(base64, serverNames(name, ns)));
    const files = {
      superuser: new k8s.core.v1.Secret(
        `${name}-superuser`,
        { metadata: metadata("superuser"), stringData: { password } },
        child,
      ),
      tls: new k8s.core.v1.Secret(`${name}-tls`, tlsSecret(metadata("tls"), certificate), child),
      config: new k8s.core.v1.ConfigMap(
        `${name}-config`,
        { metadata: metadata("config"), data: { "pg_hba.conf": hostBasedAuthentication } },
        child,
      ),
      data: new k8s.core.v1.PersistentVolumeClaim(
        `${name}-data`,
        volumeClaim({ ...args, name: `${name}-data`, component: name }),
        child,
      ),
    };
    const service = new k8s.core.v1.Service(name, clusterService(name, namespace, { postgres: port }), child);
    const statefulSet = new k8s.apps.v1.StatefulSet(name, serverArgs(name, args, files), child);
    this.server = {
      host: pulumi.interpolate`${name}.${namespace}.svc`,
      port,
      adminUser: superuser,
      adminPassword: password,
      ...previous,
      // The certificate is what the server shows to everyone; only the key is secret.
      caCertificate: pulumi.unsecret(certificate.certificatePem),
      cidr: undefined,
      ready: [service, statefulSet],
    };
    this.registerOutputs({ server: this.server });
  }
}

/** What a client may write as host for its certificate to hold. */
function serverNames(name: string, namespace: string): string[] {
  const service = [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return [...service, "localhost", "127.0.0.1"];
}

function tlsSecret(
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  certificate: pulumi.Output<Certificate>,
): k8s.core.v1.SecretArgs {
  const { certificatePem, privateKeyPem } = certificate;
  return { metadata, type: "kubernetes.io/tls", stringData: { "tls.crt": certificatePem, "tls.key": privateKeyPem } };
}

/** What the pod mounts. */
interface Files {
  superuser: k8s.core.v1.Secret;
  tls: k8s.core.v1.Secret;
  config: k8s.core.v1.ConfigMap;
  data: k8s.core.v1.PersistentVolumeClaim;
}

function serverArgs(name: string, args: PostgresArgs, files: Files): k8s.apps.v1.StatefulSetArgs {
  const pod = postgresPod({
    image: args.images.public("postgres"),
    superuser: files.superuser.metadata.name,
    tls: files.tls.metadata.name,
    config: files.config.metadata.name,
    claim: files.data.metadata.name,
  });
  const annotations = rolloutAnnotations(args.generation, hostBasedAuthentication);
  return statefulServer(name, { namespace: args.namespace, annotations, pod });
}
