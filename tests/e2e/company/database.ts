import { execFile } from "node:child_process";
import { chmod, chown, copyFile, mkdir, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Tls } from "./company.ts";
import type { Server } from "./server.ts";

const run = promisify(execFile);

/** A Postgres that others run: it takes connections over TLS alone. */
export interface Database extends Server {
  host: string;
  port: number;
  /** Runs SQL as the administrator, whom the platform does not know. */
  psql: (database: string, sql: string) => Promise<string>;
}

/** Folder of Postgres' programs; undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return undefined;
  const folders = readdirSync(versions).map((version) => join(versions, version, "bin"));
  return folders.findLast((folder) => existsSync(join(folder, "initdb")));
}

/** Starts a server as Debian's user postgres. */
export async function startDatabase(
  programs: string,
  folder: string,
  { host, port }: { host: string; port: number },
  tls: Tls,
): Promise<Database> {
  const home = join(folder, "postgres");
  await mkdir(home);
  const asPostgres = (...command: string[]) => run("runuser", ["--user", "postgres", "--", ...command], { cwd: "/" });
  const { stdout: id } = await run("id", ["--user", "postgres"]);
  await chown(home, Number(id), Number(id));
  await chmod(folder, 0o755);
  const data = join(home, "data");
  const initdb = [join(programs, "initdb"), "--pgdata", data, "--no-sync", "--encoding", "UTF8", "--locale", "C"];
  await asPostgres(...initdb, "--auth-local", "trust", "--auth-host", "scram-sha-256");
  for (const [from, name] of [
    [tls.certificateFile, "server.crt"],
    [tls.keyFile, "server.key"],
  ] as const) {
    await copyFile(from, join(data, name));
    await chown(join(data, name), Number(id), Number(id));
    await chmod(join(data, name), 0o600);
  }
  await writeFile(join(data, "pg_hba.conf"), "local all all trust\nhostssl all all all scram-sha-256\n");
  const settings = `-h ${host} -p ${port} -k ${home} -c ssl=on -c fsync=off -c max_connections=200`;
  const control = [join(programs, "pg_ctl"), "--pgdata", data, "--wait", "--log", join(home, "log")];
  await asPostgres(...control, "-o", settings, "start");
  const client = ["psql", "--host", home, "--port", String(port), "--no-psqlrc", "--quiet"];
  return {
    host,
    port,
    psql: async (database, sql) => {
      const options = ["--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname", database];
      const psql = asPostgres(...client, ...options, "--file", "-");
      psql.child.stdin?.end(sql);
      return (await psql).stdout.trim();
    },
    stop: async () => {
      await asPostgres(...control, "--mode", "immediate", "stop");
    },
  };
}
