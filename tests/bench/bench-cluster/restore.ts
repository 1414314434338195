import type { Session } from "../../e2e/session.ts";
import { backupSchema } from "../../../config/platform.ts";
import type { BenchTarget } from "./target.ts";
import { project } from "./platform.ts";
import { progress, timed } from "./progress.ts";
import type { Figures } from "./report.ts";

/** Of 160 bytes each in the table: 1 GB. */
const rows = 6_250_000;

/** The lines of the data are random text, which compresses to half. */
const createTable = `
  SET ROLE "${project}";
  CREATE TABLE bench AS
    SELECT g AS id, md5(g::text) || md5((g + 1)::text) || md5((g + 2)::text) || md5((g + 3)::text) AS payload
    FROM generate_series(1, ${rows}) AS g;`;

export async function measureRestore(_: BenchTarget, session: Session): Promise<Figures> {
  await timed("restore: making a table of 1 GB", () => session.psql(project, createTable));
  try {
    const databaseBytes = Number(await session.psql(project, "SELECT pg_database_size(current_database())"));
    let said = "";
    const backupSeconds = await timed("restore: making a backup", async () => {
      said = await session.script("backup/backup.ts", "run");
    });
    const restoreSeconds = await timed("restore: restoring it", async () => {
      await session.processes?.stop();
      said += await session.script("backup/backup.ts", "restore", "latest", "--force");
      await session.processes?.start();
    });
    const restored = Number(await session.psql(project, "SELECT count(*) FROM bench"));
    if (restored !== rows) throw new Error(`the restored table has ${restored} rows of ${rows}`);
    return restoreFigures({ databaseBytes, backupBytes: backupBytesOf(said), backupSeconds, restoreSeconds });
  } finally {
    progress("restore: dropping the table");
    await session.psql(project, "DROP TABLE IF EXISTS bench");
  }
}

/** The size of a backup by what its command says. */
export function backupBytesOf(said: string): number {
  return Number(/^backup \S+: complete, (\d+) bytes$/m.exec(said)?.[1]);
}

interface Restored {
  databaseBytes: number;
  backupBytes: number;
  backupSeconds: number;
  restoreSeconds: number;
}

export function restoreFigures({ databaseBytes, backupBytes, backupSeconds, restoreSeconds }: Restored): Figures {
  const { schedule } = backupSchema.parse({});
  return {
    tables: [
      {
        title: "One project's database and those of Airflow and MLflow",
        columns: ["what", "measured"],
        rows: [
          ["database on disk, MB", databaseBytes / 1e6],
          ["backup, all databases, MB", backupBytes / 1e6],
          ["backup, s", backupSeconds],
          ["restore until all workloads are ready, s", restoreSeconds],
        ],
      },
      {
        title: "Recovery objectives",
        columns: ["objective", "value"],
        rows: [
          [
            "recovery point, at most",
            `24 h and ${Math.ceil(backupSeconds)} s: the default schedule is \`${schedule}\``,
          ],
          ["recovery time in a working cluster", `${Math.ceil(restoreSeconds)} s`],
          ["recovery time into an empty cluster", "the same plus the time to deploy, see above"],
        ],
      },
    ],
    targets: [],
    caveats: ["The backup image dumps and restores each database with one process."],
  };
}
