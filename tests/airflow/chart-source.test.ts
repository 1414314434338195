import assert from "node:assert/strict";
import { chartSource } from "../../components/airflow/chart/chart-source.ts";

describe("chartSource", () => {
  for (const repo of ["https://airflow.apache.org", "http://charts.corp.example"]) {
    it(`takes the pinned version from the repository ${repo}`, () => {
      assert.deepEqual(chartSource(repo), { chart: "airflow", version: "1.22.0", repositoryOpts: { repo } });
    });
  }

  for (const source of ["oci://registry.example.org/charts", "oci://registry.example.org/charts/airflow"]) {
    it(`takes the pinned version from ${source}`, () => {
      assert.deepEqual(chartSource(source), { chart: "oci://registry.example.org/charts/airflow", version: "1.22.0" });
    });
  }

  for (const source of [
    "./charts/airflow-1.22.0.tgz",
    "/srv/airflow",
    "https://mirror.example.org/airflow-1.22.0.tgz",
  ]) {
    it(`takes ${source} as it is`, () => {
      assert.deepEqual(chartSource(source), { chart: source });
    });
  }
});
