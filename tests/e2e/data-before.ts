import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withForward } from "../../scripts/platform/forward.ts";
import { basicAuthorization } from "../../scripts/verify/interfaces.ts";
import { kubectl } from "../cluster.ts";
import { backupCommand, type Objects, objectsIn } from "./bucket.ts";
import { secretValue } from "./secret.ts";
import type { Session } from "./session.ts";

const project = "pageviews";
const rows = 1000;
const model = "before";
const object = "written before the update";
const connection = { connection_id: "before", conn_type: "postgres", host: "db.example.org", password: "kept-before" };

/** What a project has put into a platform, and finds in it after an update. */
export class DataBefore {
  readonly #session: Session;
  #run = "";
  /** The run's artifact, as its path below all artifacts. */
  #file = "";
  #objects: Objects = {};

  constructor(session: Session) {
    this.#session = session;
  }

  /** Writes rows, objects, a run with an artifact, a model and a connection, each with the project's own credentials. */
  async write(): Promise<void> {
    const session = this.#session;
    await this.#sql(`CREATE TABLE before (id int PRIMARY KEY, text text);
      INSERT INTO before SELECT i, md5(i::text) FROM generate_series(1, ${rows}) i;`);
    await this.#withFolder(async (file) => {
      await writeFile(join(file, "object.txt"), object);
      await this.#copy(`file://${file}`, `s3://mlops/projects/${project}/before`);
    });
    const { experiment_id } = await this.#mlflow("POST", "experiments/create", { name: "before" });
    const { run } = await this.#mlflow("POST", "runs/create", { experiment_id, start_time: 1 });
    const { run_id, artifact_uri: source } = (run as { info: { run_id: string; artifact_uri: string } }).info;
    this.#run = run_id;
    this.#file = `${source.replace("mlflow-artifacts:/", "")}/model.txt`;
    await this.#mlflow("POST", "runs/log-metric", { run_id: this.#run, key: "error", value: 0.25, timestamp: 1 });
    await this.#artifact("PUT", this.#file, "a model");
    await this.#mlflow("POST", "registered-models/create", { name: model });
    await this.#mlflow("POST", "model-versions/create", { name: model, run_id: this.#run, source });
    await session.airflow.request("POST", "/connections", connection);
    this.#objects = await objectsIn(session);
    assert.ok(Object.keys(this.#objects).length >= 2, JSON.stringify(this.#objects));
  }

  /** Everything is there, the project can read and change it, and Airflow decrypts what it had encrypted. */
  async assertThere(): Promise<void> {
    const session = this.#session;
    assert.equal(await this.#sql("SELECT count(*), min(text) FROM before"), `${rows}|${firstText}`);
    await this.#sql("ALTER TABLE before ADD COLUMN later int; ALTER TABLE before DROP COLUMN later;");
    const objects = await objectsIn(session);
    assert.deepEqual(
      Object.entries(this.#objects).filter(([name, checksum]) => objects[name] !== checksum),
      [],
    );
    await this.#withFolder(async (file) => {
      await this.#copy(`s3://mlops/projects/${project}/before`, `file://${file}`);
      assert.equal(await readFile(join(file, "object.txt"), "utf8"), object);
    });
    const { run } = await this.#mlflow("GET", `runs/get?run_id=${this.#run}`);
    assert.match(JSON.stringify(run), /"key":\s?"error","value":\s?0.25/);
    assert.equal(await this.#artifact("GET", this.#file), "a model");
    const versions = await this.#mlflow("GET", `registered-models/get?name=${model}`);
    assert.match(JSON.stringify(versions), new RegExp(this.#run));
    const shown = await session.airflowCommand("connections", "get", connection.connection_id, "--output", "json");
    assert.match(shown, new RegExp(`"password": "${connection.password}"`));
  }

  /** As the project's login, over TCP as every client. */
  async #sql(statements: string): Promise<string> {
    const { kubeconfig, namespace } = this.#session.platform;
    const [user, password] = [await this.#credential("PGUSER"), await this.#credential("PGPASSWORD")];
    const connect = `psql -h 127.0.0.1 -U '${user}' -d '${project}' -qAt -v ON_ERROR_STOP=1`;
    const script = `read -r PGPASSWORD; export PGPASSWORD; exec ${connect}`;
    const args = ["exec", "--stdin", "postgres-0", "--namespace", namespace, "--", "sh", "-c", script];
    return (await kubectl(kubeconfig, args, `${password}\n${statements}\n`)).stdout.trim();
  }

  /** As the project's user of the object store. */
  async #copy(from: string, to: string): Promise<string> {
    const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    const entries = keys.map(async (key) => [key, await this.#credential(key)] as const);
    return backupCommand(this.#session, ["copy", from, to], Object.fromEntries(await Promise.all(entries)));
  }

  async #withFolder(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "e2e-object-"));
    try {
      await use(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async #mlflow(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const text = await this.#request(
      method,
      `/api/2.0/mlflow/${path}`,
      body === undefined ? undefined : JSON.stringify(body),
    );
    return JSON.parse(text) as Record<string, unknown>;
  }

  #artifact(method: string, path: string, body?: string): Promise<string> {
    return this.#request(method, `/api/2.0/mlflow-artifacts/artifacts/${path}`, body);
  }

  /** As the project's user of MLflow. */
  async #request(method: string, path: string, body: string | undefined): Promise<string> {
    const user = { user: project, password: await this.#credential("MLFLOW_TRACKING_PASSWORD") };
    const headers = { authorization: basicAuthorization(user), "content-type": "application/json" };
    return withForward(this.#session.target, "mlflow", 5000, async (port) => {
      const init = body === undefined ? { method, headers } : { method, headers, body };
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      const text = await response.text();
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
      return text;
    });
  }

  #credential(key: string): Promise<string> {
    return secretValue({ ...this.#session.platform, namespace: project }, project, key);
  }
}

/** The smallest of the texts' checksums. */
const firstText = "00411460f7c92d2124a67ea0f4cb5f85";
