import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl } from "../cluster.ts";
import { backupCommand } from "./bucket.ts";
import type { KeyPair } from "./key-pair.ts";
import { type Facts, facts, succeeded } from "./pipeline.ts";
import { assertDashboardKept } from "./saved-dashboard.ts";
import type { Session } from "./session.ts";

const connection = {
  connection_id: "warehouse",
  conn_type: "postgres",
  host: "db.example.org",
  password: "kept-secret",
};

/** Backup, loss of the whole platform, and the way back into a new one. */
export class Drill {
  readonly #session: Session;
  readonly #keys: KeyPair;
  #folder = "";
  #before: Facts | undefined;

  constructor(session: Session, keys: KeyPair) {
    this.#session = session;
    this.#keys = keys;
  }

  /** Makes a backup and copies the bucket off the cluster. */
  async backup(): Promise<void> {
    const session = this.#session;
    await session.airflow.request("POST", "/connections", connection);
    this.#before = await facts(session);
    const made = await session.script("backup/backup.ts", "run");
    assert.match(made, /^backup \S+: complete, \d+ bytes$/m);
    assert.doesNotMatch(made, /left out: fernet key/);
    assert.match(await session.script("backup/backup.ts", "verify"), /^intact: fernet-key\.age, \d+ bytes$/m);
    this.#folder = await mkdtemp(join(tmpdir(), "e2e-bucket-"));
    await this.#copy("s3://mlops", `file://${this.#folder}`);
  }

  /** Brings the bucket and the databases into the platform that runs now, with its new passwords and keys. */
  async restore(): Promise<void> {
    const session = this.#session;
    await this.#copy(`file://${this.#folder}`, "s3://mlops");
    const key = await session.secret("airflow-keys", "fernet-key");
    // Airflow encrypts with the first key and reads with each; when it starts it encrypts everything again.
    await this.#setKey(`${key},${await this.#oldKey()}`);
    await session.processes?.stop();
    const restored = await session.script("backup/backup.ts", "restore", "latest", "--force");
    for (const database of ["airflow", "mlflow", "grafana", "pageviews"]) {
      assert.match(restored, new RegExp(`^database ${database}: \\d+ tables, \\d+ rows, as in the manifest$`, "m"));
    }
    await session.processes?.start();
    await this.#setKey(key);
    await session.restartAirflow();
  }

  /** What was there is there, readable with the new key alone, and the old model still predicts. */
  async compare(): Promise<void> {
    const session = this.#session;
    assert.ok(this.#before !== undefined);
    const after = await facts(session);
    assert.deepEqual(
      [after.rows, after.views, after.mlflow],
      [this.#before.rows, this.#before.views, this.#before.mlflow],
    );
    const shown = await session.airflowCommand("connections", "get", connection.connection_id, "--output", "json");
    assert.match(shown, new RegExp(`"password": "${connection.password}"`));
    await succeeded(session.airflow, "pageviews_predict");
    await assertDashboardKept(session);
    await rm(this.#folder, { recursive: true });
  }

  /** The key that the lost platform had, out of its backup. */
  async #oldKey(): Promise<string> {
    const identity = join(this.#folder, "identity.txt");
    await writeFile(identity, `${this.#keys.identity}\n`, { mode: 0o600 });
    try {
      const args = ["key", "--identity", identity];
      return (await backupCommand(this.#session, args, { BACKUP_URI: "s3://mlops/backups" })).trim();
    } finally {
      await rm(identity);
    }
  }

  async #setKey(key: string): Promise<void> {
    const { kubeconfig, namespace } = this.#session.platform;
    // Under a name of its own, since the deploy's would take away what it is not given.
    const args = ["apply", "--server-side", "--force-conflicts", "--field-manager", "drill", "--filename", "-"];
    const metadata = { name: "airflow-keys", namespace };
    const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { "fernet-key": key } };
    await kubectl(kubeconfig, args, JSON.stringify(secret));
  }

  #copy(from: string, to: string): Promise<string> {
    return backupCommand(this.#session, ["copy", from, to]);
  }
}
