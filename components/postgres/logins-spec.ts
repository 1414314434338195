import { secretFolder } from "../objects/provision-job.ts";
import type { DatabaseConnection } from "./databases.ts";

/** A login that `provision logins` connects with. */
export interface CheckedLogin {
  client: string;
  /** Connections that the client may hold at once. */
  connections: number;
  /** What it does there: it migrates all tables of its schema, creates tables, or reads the server's statistics. */
  needs: "schema" | "tables" | "statistics";
  connection: DatabaseConnection;
}

/** What `provision logins` reads; passwords are files beside it. */
export function loginsSpec(logins: readonly CheckedLogin[]): object {
  return {
    logins: logins.map(({ client, connections, needs, connection: { database, user } }) => ({
      ...{ client, database, login: user, connections, needs },
      passwordFile: `${secretFolder("passwords")}/${client}`,
    })),
  };
}
