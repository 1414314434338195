import assert from "node:assert/strict";
import { plainCapabilities } from "../../components/cluster/cluster.ts";
import { webUiNames } from "../../components/parts.ts";
import { exposeAll } from "../../components/web/web-interfaces.ts";
import { validate } from "../../config.ts";
import { at } from "../../lib/json.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration } from "../program/registrations.ts";

const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);

async function expose(own: object) {
  const { exposure: config } = validate({
    cluster: { kind: "minikube" },
    exposure: { kind: "gateway", parentRef: { name: "internal", namespace: "edge", sectionName: "https" }, ...own },
  });
  const { resources, outputs } = await record(() => {
    const exposure = { config, nodeAddress: undefined, loadBalancing: plainCapabilities.loadBalancing };
    const { mlflow, prometheus } = exposeAll({ namespace: "mlops", exposure, names: webUiNames }, {});
    return { mlflow: mlflow?.url, prometheus: prometheus?.url, forward: prometheus?.portForward };
  });
  return { resources, outputs, routes: resources.filter(({ type }) => type === routeType).toSorted(byName) };
}

describe("the routes of a gateway", () => {
  it("lead from each UI's host, on the gateway's HTTPS listener, to its Service", async () => {
    const { resources, outputs } = await expose({ domain: "ml.example.org" });
    const { inputs } = registration(resources, routeType, "mlflow-web");
    assert.equal(inputs.apiVersion, "gateway.networking.k8s.io/v1");
    assert.equal(at(inputs, "metadata.namespace"), "mlops");
    assert.deepEqual(inputs.spec, {
      parentRefs: [{ name: "internal", namespace: "edge", sectionName: "https" }],
      hostnames: ["mlflow.ml.example.org"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ name: "mlflow-web", port: 80 }],
        },
      ],
    });
    const service = registration(resources, "kubernetes:core/v1:Service", "mlflow-web").inputs;
    assert.equal(at(service, "spec.type"), undefined);
    assert.deepEqual(at(service, "spec.ports"), [{ name: "http", port: 80, targetPort: 5000 }]);
    assert.equal(outputs.mlflow, "https://mlflow.ml.example.org");
  });

  it("are there for the UIs that have a host, and for no other", async () => {
    const { routes, outputs } = await expose({ domain: "ml.example.org", uis: ["airflow", "mlflow"] });
    assert.deepEqual(
      routes.map(({ name }) => name),
      ["airflow-web", "mlflow-web"],
    );
    assert.equal(outputs.prometheus, "http://localhost:9090");
    assert.equal(outputs.forward, "kubectl --namespace mlops port-forward service/prometheus 9090");
  });

  it("have the listener and the annotations of single UIs, and no namespace where the gateway is beside them", async () => {
    const { routes } = await expose({
      hosts: { airflow: "airflow.corp.example", mlflow: "models.corp.example" },
      parentRef: { name: "internal", sectionName: "https" },
      sectionNames: { mlflow: "https-models" },
      annotations: { team: "ml", owner: "platform" },
      annotationsOf: { mlflow: { owner: "research" } },
    });
    assert.deepEqual(
      routes.map(({ inputs }) => [at(inputs, "spec.parentRefs"), at(inputs, "metadata.annotations")]),
      [
        [[{ name: "internal", sectionName: "https" }], { team: "ml", owner: "platform" }],
        [[{ name: "internal", sectionName: "https-models" }], { team: "ml", owner: "research" }],
      ],
    );
  });
});
