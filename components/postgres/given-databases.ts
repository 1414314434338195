import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../config.ts";
import { exporterClient, platformClients } from "../../config/postgres/clients.ts";
import type { GivenDatabases as Given } from "../../config/postgres/schema.ts";
import { lookup } from "../../lib/lookup.ts";
import type { DatabaseClient } from "../clients.ts";
import type { ServerAddress } from "../cluster/cluster.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import { provisionJob, specFolder } from "../objects/provision-job.ts";
import { sha256 } from "../objects/rollout.ts";
import { backupConnections, exporterConnections } from "./connection-limits.ts";
import { type DatabaseConnection, databasesType, givenDatabasesType } from "./databases.ts";
import { type CheckedLogin, loginsSpec } from "./logins-spec.ts";

export interface GivenDatabasesArgs {
  namespace: pulumi.Input<string>;
  server: ServerAddress & { host: string };
  clients: DatabaseClient[];
  /** Database and login of each client, and of the exporter where there is one. */
  databases: Given;
  /** Whether the metrics exporter connects, which needs a login of its own. */
  hasExporter: boolean;
  /** The password of a client's login. */
  loginOf: Secrets["login"];
  images: Images;
  generation: number;
}

/**
 * Databases and logins that a DBA made. A Job connects with each of them before any client does, and changes nothing.
 *
 * ```ts
 * const databases = new GivenDatabases("databases", { namespace, server, clients, databases, hasExporter: true, loginOf: secrets.login, images, generation: 1 });
 * ```
 */
export class GivenDatabases extends pulumi.ComponentResource {
  /** By the client's name. */
  readonly connections: Record<string, DatabaseConnection>;
  /** For the metrics exporter; undefined: nothing reads metrics, or the DBA gave no login for it. */
  readonly exporter: DatabaseConnection | undefined;
  /** Resources that must exist before the first connection. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GivenDatabasesArgs, opts?: pulumi.ComponentResourceOptions) {
    // Its objects have the names of those that it takes the place of, so that an update changes them.
    super(givenDatabasesType, name, {}, { ...opts, aliases: [{ type: databasesType }] });
    const { namespace, server, clients, hasExporter } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const connection = (client: string) => connectionOf(client, args);
    this.connections = Object.fromEntries(clients.map(({ name: client }) => [client, connection(client)]));
    this.exporter = hasExporter ? connection(exporterClient) : undefined;

    const logins = loginsOf(args, this.connections, this.exporter);
    const spec = JSON.stringify(loginsSpec(logins), null, 2);
    const data = { "spec.json": spec, "ca.crt": server.caCertificate };
    const specMap = new k8s.core.v1.ConfigMap(`${name}-spec`, { metadata: metadata("spec"), data }, child);
    const stringData = Object.fromEntries(logins.map(({ client, connection: { password } }) => [client, password]));
    const passwords = new k8s.core.v1.Secret(
      `${name}-passwords`,
      { metadata: metadata("passwords"), stringData },
      child,
    );
    const fingerprints = logins.map(({ connection: { fingerprint } }) => fingerprint).join();
    const job = new k8s.batch.v1.Job(
      name,
      provisionJob({
        name,
        namespace,
        generation: args.generation,
        images: args.images,
        command: "logins",
        isCheck: true,
        spec: {
          configMap: specMap.metadata.name,
          text: pulumi.interpolate`${spec}${server.caCertificate}${server.host}:${server.port}${fingerprints}`,
        },
        secrets: { passwords: passwords.metadata.name },
        environment: serverEnvironment(server),
      }),
      { ...child, dependsOn: server.ready, deleteBeforeReplace: true },
    );
    this.ready = [job];
    this.registerOutputs({ connections: this.connections, exporter: this.exporter, ready: this.ready });
  }
}

function connectionOf(client: string, { databases, server, loginOf }: GivenDatabasesArgs): DatabaseConnection {
  const { name: database, user } = lookup(databases, "postgres.databases")(client);
  const { password, fingerprint } = loginOf(client);
  const { host, port, caCertificate } = server;
  const content = JSON.stringify([host, port, database, user, fingerprint]);
  return { host, port, database, user, password, caCertificate, fingerprint: sha256(content).slice(0, 16) };
}

function loginsOf(
  { clients }: GivenDatabasesArgs,
  connections: Record<string, DatabaseConnection>,
  exporter: DatabaseConnection | undefined,
): CheckedLogin[] {
  const connection = lookup(connections, "database");
  return [
    ...clients.map((each) => ({
      client: each.name,
      connections: each.connections + backupConnections,
      needs: platformClients.some((name) => name === each.name) ? ("schema" as const) : ("tables" as const),
      connection: connection(each.name),
    })),
    ...(exporter === undefined
      ? []
      : [
          {
            client: exporterClient,
            connections: exporterConnections,
            needs: "statistics" as const,
            connection: exporter,
          },
        ]),
  ];
}

/** The server, as libpq reads it. */
function serverEnvironment({ host, port }: ServerAddress): k8s.types.input.core.v1.EnvVar[] {
  return [
    { name: "PGHOST", value: host },
    { name: "PGPORT", value: String(port) },
    { name: "PGSSLMODE", value: "verify-full" },
    { name: "PGSSLROOTCERT", value: `${specFolder}/ca.crt` },
  ];
}
