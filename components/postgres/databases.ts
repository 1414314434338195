import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../objects/generated-password.ts";
import type { DatabaseClient } from "../clients.ts";
import type { PostgresServer } from "../cluster/cluster.ts";
import { databasesSpec, exporterRole, loginOf } from "./databases-spec.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import type { PlatformSign } from "../ownership/platform-sign.ts";
import { provisionJob, specFolder } from "../objects/provision-job.ts";
import { secretVariable } from "../objects/secret-variable.ts";

export interface DatabasesArgs {
  namespace: pulumi.Input<string>;
  server: PostgresServer;
  clients: DatabaseClient[];
  /** Before the exporter's role, as it is before each client's. */
  prefix: string;
  /** Extensions that the platform makes in every client's database. */
  extensions: string[];
  /** Whether other platforms may use the server. */
  isShared: boolean;
  /** Whether the metrics exporter connects. */
  hasExporter: boolean;
  /** Written on each role and database. */
  sign: PlatformSign;
  images: Images;
  /** Generation of the logins; a higher number makes new ones beside those that are there. */
  generation: number;
  /** Generation of the administrator's password; another one runs the Job again. */
  adminGeneration: number;
}

/** All that one client needs to connect, certificate of the authority included: verify the server with it. */
export interface DatabaseConnection {
  host: pulumi.Input<string>;
  port: number;
  database: string;
  /** Login of the generation; it acts as the role that owns the client's tables. */
  user: string;
  password: pulumi.Output<string>;
  /** PEM. */
  caCertificate: pulumi.Input<string>;
  /** Plain, and changes with all that a DBA may change; another one restarts the pods. @default - the generation of the login does */
  fingerprint?: string;
}

/** Types of this component and of the one for a DBA's databases: each takes the place of the other. */
export const databasesType = "mlops:databases:Databases";
export const givenDatabasesType = "mlops:given-databases:GivenDatabases";

/**
 * A role and a database of the same name for each client, made by a Job that may run again at any time.
 *
 * The database is the administrator's: its client makes tables in it, and neither extensions nor schemas.
 *
 * Each generation has a login of its own, since a role has one password: pods that run keep the login which they were
 * started with until `provision postgres --retire` takes it away.
 *
 * It works on any server whose admin may create roles, a managed one included. A client that is taken out of the
 * list keeps its role and its data.
 *
 * ```ts
 * const databases = new Databases("databases", { namespace, server, clients, prefix: "", extensions: [], isShared: false, hasExporter: true, sign, images, generation: 1, adminGeneration: 1 });
 * ```
 */
export class Databases extends pulumi.ComponentResource {
  /** By the client's name. */
  readonly connections: Record<string, DatabaseConnection>;
  /** For the metrics exporter: no database of its own, member of pg_monitor. Undefined: nothing reads metrics. */
  readonly exporter: DatabaseConnection | undefined;
  /** Resources that must exist before the first connection. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DatabasesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(databasesType, name, {}, { ...opts, aliases: [{ type: givenDatabasesType }] });
    const { namespace, server, sign, generation, adminGeneration } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const passwordOf = (role: string) => generatedPassword(`${name}-${role}`, { generation }, child).password;
    const connection = (client: string, role: string, database: string): DatabaseConnection => {
      const { host, port, caCertificate } = server;
      return { host, port, database, user: loginOf(role, generation), password: passwordOf(client), caCertificate };
    };
    this.connections = Object.fromEntries(
      args.clients.map(({ name: client, role }) => [client, connection(client, role, role)]),
    );
    this.exporter = args.hasExporter ? connection("exporter", exporterRole(args.prefix), "postgres") : undefined;

    const roles = [...Object.values(this.connections), ...(this.exporter === undefined ? [] : [this.exporter])];
    const passwords = Object.fromEntries(roles.map(({ user, password }) => [user, password]));
    const specOf = (id: string) => databasesSpec({ ...args, platform: { id, stack: sign.stack } });
    const spec = sign.id.apply((id) => JSON.stringify(specOf(id), null, 2));
    const data = { "spec.json": spec, "ca.crt": server.caCertificate };
    const specMap = new k8s.core.v1.ConfigMap(`${name}-spec`, { metadata: metadata("spec"), data }, child);
    const passwordSecret = new k8s.core.v1.Secret(
      `${name}-passwords`,
      { metadata: metadata("passwords"), stringData: passwords },
      child,
    );
    const adminSecret = new k8s.core.v1.Secret(
      `${name}-admin`,
      { metadata: metadata("admin"), stringData: adminPasswords(server) },
      child,
    );
    const job = new k8s.batch.v1.Job(
      name,
      provisionJob({
        name,
        namespace,
        generation: adminGeneration,
        images: args.images,
        command: "postgres",
        spec: { configMap: specMap.metadata.name, text: pulumi.interpolate`${spec}${server.caCertificate}` },
        secrets: { passwords: passwordSecret.metadata.name },
        environment: adminEnvironment(server, adminSecret.metadata.name),
      }),
      // No output of a server tells that it accepts connections.
      { ...child, dependsOn: server.ready, deleteBeforeReplace: true },
    );
    this.ready = [job];
    this.registerOutputs({ connections: this.connections, exporter: this.exporter, ready: this.ready });
  }
}

function adminPasswords({ adminPassword, previousAdminPassword: previous }: PostgresServer) {
  return { password: adminPassword, ...(previous === undefined ? {} : { previous }) };
}

/** The admin's connection, as libpq reads it. */
function adminEnvironment(
  { host, port, adminUser }: PostgresServer,
  secret: pulumi.Input<string>,
): k8s.types.input.core.v1.EnvVar[] {
  return [
    { name: "PGHOST", value: host },
    { name: "PGPORT", value: String(port) },
    { name: "PGUSER", value: adminUser },
    { name: "PGDATABASE", value: "postgres" },
    { name: "PGSSLMODE", value: "verify-full" },
    { name: "PGSSLROOTCERT", value: `${specFolder}/ca.crt` },
    secretVariable("PGPASSWORD", secret, "password"),
    { name: "PREVIOUS_PGPASSWORD", valueFrom: { secretKeyRef: { name: secret, key: "previous", optional: true } } },
  ];
}
