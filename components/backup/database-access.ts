import * as pulumi from "@pulumi/pulumi";
import type { DatabasesReader } from "../postgres/create-databases.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";

/** Folder of the Secret with the databases' logins. */
export const loginsFolder = "/etc/postgres-logins";
const serviceFile = "pg_service.conf";

/** Who connects, as libpq reads it. */
interface DatabaseAccess {
  environment: Record<string, pulumi.Input<string>>;
  secretEnvironment: Record<string, pulumi.Output<string>>;
  /** Contents of the Secret that is mounted at `loginsFolder`; undefined: none is. */
  logins: Record<string, pulumi.Output<string>> | undefined;
}

/** The administrator's variables, or a file with a section for each database. */
export function databaseAccess(reader: DatabasesReader): DatabaseAccess {
  if (reader.logins === undefined) {
    const { adminUser, adminPassword } = reader.server;
    return {
      environment: { PGUSER: adminUser, PGDATABASE: "postgres" },
      secretEnvironment: { PGPASSWORD: adminPassword },
      logins: undefined,
    };
  }
  return {
    environment: { PGSERVICEFILE: `${loginsFolder}/${serviceFile}` },
    secretEnvironment: {},
    logins: { [serviceFile]: pulumi.all(reader.logins.map(section)).apply((sections) => sections.join("")) },
  };
}

/** Source: https://www.postgresql.org/docs/current/libpq-pgservice.html */
function section({ database, user, password }: DatabaseConnection): pulumi.Output<string> {
  return pulumi.interpolate`[${database}]
dbname=${database}
user=${user}
password=${password}
`;
}
