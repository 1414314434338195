import { postgresCaFile } from "./names.ts";

interface DatabaseAddress {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

/** URLs of one database, in the form that each driver reads; all drivers verify the server. */
interface DatabaseUrls {
  /** For psycopg. */
  metadata: string;
  /** For asyncpg, which knows none of libpq's parameters: Airflow's own conversion keeps them and fails. */
  metadataAsync: string;
  /** For Celery's results. */
  resultBackend: string;
}

/** URLs of Airflow's database; names and passwords may hold any character. */
export function databaseUrls({ host, port, database, user, password }: DatabaseAddress): DatabaseUrls {
  const [login, secret, path] = [user, password, database].map(encodeURIComponent);
  const address = `://${login}:${secret}@${host}:${port}/${path}`;
  const verified = `?sslmode=verify-full&sslrootcert=${postgresCaFile}`;
  return {
    metadata: `postgresql${address}${verified}`,
    metadataAsync: `postgresql+asyncpg${address}?ssl=verify-full`,
    resultBackend: `db+postgresql${address}${verified}`,
  };
}
