import type { DatabaseClient } from "../clients.ts";
import { exporterConnections } from "./connection-limits.ts";
import { secretFolder } from "../objects/provision-job.ts";

interface DatabasesSpecArgs {
  /** Who signs roles and databases. */
  platform: { id: string; stack: string };
  clients: DatabaseClient[];
  /** Before the names of roles and databases. */
  prefix: string;
  /** Extensions that the platform makes in every client's database. */
  extensions: string[];
  /** Whether other platforms may use the server: what carries no sign is then not taken over. */
  isShared: boolean;
  /** Whether the metrics exporter connects; the role that it had before is removed otherwise. */
  hasExporter: boolean;
  generation: number;
}

/** Role that reads statistics and nothing else. */
export function exporterRole(prefix: string): string {
  return `${prefix}exporter`;
}

/** No project's name has an underscore, so that no role is another one's login. */
export function loginOf(role: string, generation: number): string {
  return `${role}_g${generation}`;
}

/** What `provision postgres` reads; passwords are files beside it. */
export function databasesSpec(args: DatabasesSpecArgs): object {
  const { platform, clients, prefix, extensions, isShared, hasExporter, generation } = args;
  const exporter = exporterRole(prefix);
  const role = (name: string, connectionLimit: number) => ({
    name,
    login: loginOf(name, generation),
    passwordFile: `${secretFolder("passwords")}/${loginOf(name, generation)}`,
    connectionLimit,
  });
  return {
    platform,
    server: isShared ? "shared" : "own",
    extensions,
    roles: [
      ...clients.map(({ role: name, connections }) => ({ ...role(name, connections), database: name, memberOf: [] })),
      ...(hasExporter ? [{ ...role(exporter, exporterConnections), database: null, memberOf: ["pg_monitor"] }] : []),
    ],
    ...(hasExporter ? {} : { removedRoles: [exporter] }),
  };
}
