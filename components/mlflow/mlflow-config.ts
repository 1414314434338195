import * as pulumi from "@pulumi/pulumi";
import type { DatabaseConnection } from "../postgres/databases.ts";
import { mlflowPort } from "./description.ts";
import { secretFolder } from "../objects/provision-job.ts";

export const adminUser = "admin";

/** Where the pods mount what they read. */
export const folders = { auth: "/etc/mlflow", ca: "/etc/postgres-ca" } as const;

/** Keys of the Secret, beside the environment of the artifact store. */
export const secretKeys = {
  authConfig: "basic_auth.ini",
  backendStoreUri: "backend-store-uri",
  adminPassword: "admin-password",
  flaskSecretKey: "flask-secret-key",
} as const;

/** SQLAlchemy's URI of a database, verified with the mounted certificate; it holds the password. */
export function databaseUri({ host, port, database, user, password }: DatabaseConnection): pulumi.Output<string> {
  const query = `sslmode=verify-full&sslrootcert=${folders.ca}/ca.crt`;
  const name = encodeURIComponent(database);
  return pulumi.all([host, password]).apply(([server, secret]) => {
    const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(secret)}`;
    return `postgresql+psycopg2://${credentials}@${server}:${port}/${name}?${query}`;
  });
}

/**
 * basic_auth.ini: who is not given a permission has none, so that a project sees nothing of another one.
 *
 * Source: https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 *
 * @param uri of the database of users and permissions; it holds the password
 */
export function authConfig(uri: pulumi.Output<string>): pulumi.Output<string> {
  // An ini file takes % for the start of a reference.
  return pulumi.interpolate`[mlflow]
default_permission = NO_PERMISSIONS
database_uri = ${uri.apply((text) => text.replaceAll("%", "%%"))}
admin_username = ${adminUser}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
# Seconds for which a verified password is trusted: each verification costs about 0.1 s of CPU.
auth_cache_ttl_seconds = 60
`;
}

/**
 * Names under which clients may address the server; one without a wildcard counts with its port as it is written.
 *
 * Pods are not addressed by IP, and probes need no name: a pattern such as `10.*` would admit `10.example.org` too.
 *
 * @param exposed hosts of the UI, with the port where a browser sends one
 */
export function allowedHosts(namespace: string, exposed: string[]): string[] {
  const services = [
    "mlflow",
    `mlflow.${namespace}`,
    `mlflow.${namespace}.svc`,
    `mlflow.${namespace}.svc.cluster.local`,
  ];
  const listed = services.flatMap((name) => [name, `${name}:${mlflowPort}`]);
  return [...new Set([...listed, "localhost", "localhost:*", "127.0.0.1", "127.0.0.1:*", ...exposed])];
}

/** Pages that may change something: the UI's own; from localhost the server takes them in any case. */
export function allowedOrigins(exposed: string[]): string[] {
  return exposed.flatMap((host) => [`http://${host}`, `https://${host}`]);
}

/** What `provision mlflow` reads; passwords are files beside it. */
export function usersSpec(url: string, users: string[]): string {
  const passwords = secretFolder("passwords");
  const spec = {
    url,
    adminUsername: adminUser,
    adminPasswordFile: `${passwords}/${adminUser}`,
    users: users.map((name) => ({ name, passwordFile: `${passwords}/${name}` })),
  };
  return JSON.stringify(spec, null, 2);
}
