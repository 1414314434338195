import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterService } from "../objects/cluster-service.ts";
import { exporterPort as port, postgres } from "./description.ts";
import type { DatabaseConnection } from "./databases.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";

/** User `nobody` of the image. */
const exporterUser = 65534;

export interface PostgresExporterArgs {
  namespace: pulumi.Input<string>;
  /** A role that is a member of pg_monitor: `Databases.exporter`. */
  connection: DatabaseConnection;
  images: Images;
  /** Generation of the role's password. */
  generation: number;
}

/**
 * Postgres's statistics as metrics on port 9187, for all databases of the server.
 *
 * It requests 10m CPU and 32 MiB of memory.
 *
 * ```ts
 * new PostgresExporter("postgres-exporter", { namespace, connection: databases.exporter, images, generation: 1 });
 * ```
 */
export class PostgresExporter extends pulumi.ComponentResource {
  constructor(name: string, args: PostgresExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:postgres-exporter:PostgresExporter", name, {}, opts);
    const { namespace, connection } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const secret = new k8s.core.v1.Secret(name, { metadata, stringData: { password: connection.password } }, child);
    const ca = new k8s.core.v1.ConfigMap(
      `${name}-ca`,
      { metadata: { ...metadata, name: `${name}-ca` }, data: { "ca.crt": connection.caCertificate } },
      child,
    );
    new k8s.core.v1.Service(name, clusterService(name, namespace, { metrics: port }), child);
    const files = { password: secret.metadata.name, ca: ca.metadata.name };
    new k8s.apps.v1.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: 1,
          selector: { matchLabels: selectorLabels(name) },
          template: {
            metadata: {
              labels: labels(name),
              annotations: rolloutAnnotations(
                args.generation,
                pulumi.interpolate`${connection.caCertificate}${connection.fingerprint ?? ""}`,
              ),
            },
            spec: podSpec(args, files),
          },
        },
      },
      child,
    );
    this.registerOutputs({});
  }
}

function podSpec(
  { images, connection }: PostgresExporterArgs,
  files: { password: pulumi.Input<string>; ca: pulumi.Input<string> },
): k8s.types.input.core.v1.PodSpec {
  const { host, port: serverPort, database, user } = connection;
  const query = "sslmode=verify-full&sslrootcert=/etc/postgres-ca/ca.crt";
  return restrictedPodSpec(exporterUser, {
    containers: [
      {
        name: "postgres-exporter",
        image: images.public("postgresExporter"),
        env: [
          {
            name: "DATA_SOURCE_URI",
            value: pulumi.interpolate`${host}:${serverPort}/${encodeURIComponent(database)}?${query}`,
          },
          { name: "DATA_SOURCE_USER", value: user },
          { name: "DATA_SOURCE_PASS_FILE", value: "/etc/postgres-exporter/password" },
        ],
        ports: [{ name: "metrics", containerPort: port }],
        // The front page, which asks the server nothing: a database that is down is what pg_up tells.
        readinessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 30, timeoutSeconds: 10 },
        resources: postgres.pods["postgres-exporter"].resources,
        volumeMounts: [
          { name: "password", mountPath: "/etc/postgres-exporter", readOnly: true },
          { name: "ca", mountPath: "/etc/postgres-ca", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "password", secret: { secretName: files.password, defaultMode: 0o440 } },
      { name: "ca", configMap: { name: files.ca } },
    ],
  });
}
