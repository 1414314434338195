import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { airflow, notebook } from "../../local/programs.ts";

const top = join(import.meta.dirname, "../..");
const platform = { images: {}, projects: {} };

describe("a program on this machine", () => {
  let state = "";
  before(() => {
    state = mkdtempSync(join(tmpdir(), "local-"));
  });
  after(() => {
    rmSync(state, { recursive: true });
  });

  it("is Airflow with this checkout's DAGs, for which it is outside of the cluster", () => {
    const args = { platform, port: 8081, args: ["standalone"], compose: false };
    const { environment: settings } = airflow(args, {}, state);
    const written = readFileSync(join(state, "airflow/platform/platform.json"), "utf8");
    assert.deepEqual(JSON.parse(written), { ...platform, inCluster: false });
    const bundles = JSON.parse(settings.AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST ?? "") as {
      kwargs: { path: string };
    }[];
    assert.deepEqual(
      bundles.map(({ kwargs }) => kwargs.path),
      [join(top, "dags"), join(top, "local/dags")],
    );
    assert.equal(settings.AIRFLOW__API__HOST, "127.0.0.1");
    assert.equal(settings.AIRFLOW__API__BASE_URL, "http://localhost:8081");
    for (const path of settings.PYTHONPATH?.split(delimiter) ?? [""]) assert.ok(existsSync(path), path);
  });

  it("runs in the environment of a lock: Airflow in that of tests/dags, notebooks in their image's", () => {
    const args = { platform, port: 8080, args: ["standalone"], compose: false };
    const programs = { local: airflow(args, { PGHOST: "x" }, state), papermill: notebook([], { PGHOST: "x" }) };
    for (const [name, { command, environment }] of Object.entries(programs)) {
      assert.deepEqual(command.slice(0, 4), [join(top, "scripts/uv"), "run", "--quiet", "--frozen"]);
      assert.equal(environment.UV_PROJECT_ENVIRONMENT, join(top, ".venv", name));
      assert.equal(environment.PGHOST, "x");
    }
  });

  it("is a container that reads its settings from a file of the user's own", () => {
    const args = { platform, port: 8080, args: ["standalone"], compose: true };
    const { command, environment } = airflow(args, { PGPASSWORD: "secret-password" }, state);
    assert.deepEqual(command.slice(0, 3), ["docker", "compose", "--file"]);
    assert.deepEqual(Object.keys(environment), ["LOCAL_TOP", "LOCAL_USER"]);
    const file = join(state, "container.env");
    assert.match(readFileSync(file, "utf8"), /^PGPASSWORD=secret-password$/m);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
