import assert from "node:assert/strict";
import { byConfigurationKeys } from "../../preview/refused-values.ts";

describe("values that the chart's schema refuses", () => {
  it("are named by their keys in the configuration", () => {
    const words = `helm template: Error: values don't meet the specifications of the schema(s) in the following chart(s):
airflow:
- at '/scheduler/replicas': got string, want integer
- at '/scheduler/extraContainers/0/example.org~1x': got number, want string`;
    assert.equal(
      byConfigurationKeys(words),
      `the schema of Airflow's chart refuses values of airflow.values:
  airflow.values.scheduler.replicas: got string, want integer
  airflow.values.scheduler.extraContainers[0]["example.org/x"]: got number, want string`,
    );
  });

  it("are not what else helm says", () => {
    const words = "helm template: Error: execution error at (airflow/templates/NOTES.txt:1:4): nil pointer";
    assert.equal(byConfigurationKeys(words), words);
  });
});
