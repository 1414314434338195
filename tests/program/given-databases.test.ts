// The corporate example's databases and logins, which a DBA made, through the whole program.
import assert from "node:assert/strict";
import { at, isObject } from "../../lib/json.ts";
import { mergedObjects } from "../../components/airflow/site/layers.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";
import { exampleCases } from "./example-stacks.ts";
import { renderCase } from "./program-cases.ts";
import { allObjects } from "./program-objects.ts";

/** The corporate example with some of its passwords replaced. */
function render(logins: Record<string, string> = {}): Promise<Rendering> {
  const found = exampleCases().find(({ stack }) => stack === "corporate");
  assert.ok(found !== undefined);
  const { secrets } = found.config;
  assert.ok(isObject(secrets));
  return renderCase({
    ...found,
    config: { ...found.config, secrets: mergedObjects(secrets, { postgres: { logins } }) },
  });
}

function objectOf(rendering: Rendering, kind: string, name: string): KubernetesObject | undefined {
  return allObjects(rendering).find((object) => object.kind === kind && object.metadata.name === name);
}

/** What makes the pods of the databases' clients start again. */
function annotationsOf(rendering: Rendering): Record<string, string> {
  const workloads = {
    databases: "Job",
    mlflow: "Deployment",
    "mlflow-setup": "Job",
    "postgres-exporter": "Deployment",
  };
  const chart = rendering.charts.find(({ release }) => release.name === "airflow");
  return {
    airflow: JSON.stringify(at(chart?.release.values, "airflowPodAnnotations")),
    ...Object.fromEntries(
      Object.entries(workloads).map(([name, kind]) => {
        const object = objectOf(rendering, kind, name);
        assert.ok(object !== undefined, `${kind} ${name}`);
        return [name, JSON.stringify(at(object, "spec.template.metadata.annotations"))];
      }),
    ),
  };
}

describe("databases and logins of a DBA in the whole program", function () {
  this.timeout(120_000);
  let rendering: Rendering;
  before(async () => {
    rendering = await render();
  });
  const data = (kind: string, name: string, of = rendering): Record<string, unknown> => {
    const object = objectOf(of, kind, name);
    const content = object?.stringData ?? object?.data;
    assert.ok(isObject(content), `${kind} ${name}`);
    return content;
  };

  it("reach every client through the Secrets that it reads anyway", () => {
    const address = "postgres.corp.example:5432";
    assert.match(
      String(data("Secret", "airflow-metadata").connection),
      new RegExp(`//ml_airflow:.*@${address}/ml_airflow\\?`),
    );
    const mlflow = data("Secret", "mlflow");
    assert.match(String(mlflow["backend-store-uri"]), new RegExp(`//ml_mlflow:.*@${address}/ml_mlflow\\?`));
    assert.match(String(mlflow["basic_auth.ini"]), new RegExp(`//ml_accounts:.*@${address}/ml_accounts\\?`));
    assert.equal(data("Secret", "forecast").PGUSER, "ml_forecast");
    assert.equal(data("ConfigMap", "forecast").PGDATABASE, "ml_forecast");
    assert.equal(
      data("ConfigMap", "backup").BACKUP_DATABASES,
      "ml_airflow,ml_mlflow,ml_accounts,ml_grafana,ml_forecast",
    );
  });

  it("leave nothing that takes an administrator", () => {
    assert.equal(objectOf(rendering, "Secret", "databases-admin"), undefined);
    const generated = rendering.resources.filter(
      ({ type, name }) => type.includes("RandomPassword") && name.startsWith("databases-"),
    );
    assert.deepEqual(generated, []);
    assert.equal(data("ConfigMap", "backup").PGUSER, undefined);
    assert.equal(data("Secret", "backup").PGPASSWORD, undefined);
  });

  it("restart their clients alone for a new password", async () => {
    const before = annotationsOf(rendering);
    const after = annotationsOf(await render({ "mlflow-auth": "set by the DBA", exporter: "set by the DBA" }));
    assert.deepEqual(
      Object.keys(before).filter((name) => before[name] !== after[name]),
      ["databases", "mlflow", "mlflow-setup", "postgres-exporter"],
    );
    // tests/postgres/given-databases.test.ts says when it changes.
    assert.match(before.airflow ?? "", /"mlops\/database-fingerprint":"[0-9a-f]{16}"/);
  });
});
