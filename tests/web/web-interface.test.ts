import assert from "node:assert/strict";
import { type Exposure, staticUrl } from "../../components/web/exposure.ts";
import { hostOf, WebInterface } from "../../components/web/web-interface.ts";
import { plainCapabilities } from "../../components/cluster/cluster.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

function exposure(config: object): Exposure {
  const { exposure: validated } = validate({ cluster: { kind: "minikube" }, exposure: config });
  const loadBalancing = { ...plainCapabilities.loadBalancing, service: { "example.org/kind": "network" } };
  return { config: validated, nodeAddress: "192.0.2.17", loadBalancing };
}

async function expose(config: object) {
  const { resources, outputs } = await record(() => {
    const ui = new WebInterface("mlflow-web", { ui: "mlflow", namespace: "mlops", exposure: exposure(config) });
    return { url: ui.url, portForward: ui.portForward, host: hostOf(ui) };
  });
  return { resources, outputs };
}

describe("a web interface", () => {
  it("by node port is a Service on the configured port, with a URL that is known beforehand", async () => {
    const { resources, outputs } = await expose({ kind: "nodePort", ports: { mlflow: 31000 } });
    const { inputs } = registration(resources, "kubernetes:core/v1:Service", "mlflow-web");
    assert.deepEqual(at(inputs, "spec.ports"), [{ name: "http", port: 80, targetPort: 5000, nodePort: 31000 }]);
    assert.equal(at(inputs, "spec.type"), "NodePort");
    assert.deepEqual([outputs.url, outputs.host], ["http://192.0.2.17:31000", "192.0.2.17:31000"]);
  });

  it("by load balancer admits its ranges alone and waits for its address, not for pods", async () => {
    const { resources } = await expose({ kind: "loadBalancer", sourceRanges: ["203.0.113.0/24"] });
    const { inputs } = registration(resources, "kubernetes:core/v1:Service", "mlflow-web");
    assert.equal(at(inputs, "spec.type"), "LoadBalancer");
    assert.deepEqual(at(inputs, "spec.loadBalancerSourceRanges"), ["203.0.113.0/24"]);
    assert.deepEqual(at(inputs, "metadata.annotations"), {
      "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}",
      "example.org/kind": "network",
    });
  });

  it("by ingress has a host below the domain, and nothing of its own", async () => {
    const { resources, outputs } = await expose({ kind: "ingress", domain: "ml.example.org", tlsSecretName: "ml-tls" });
    assert.deepEqual(typesAndNames(resources), ["mlops:web-interface:WebInterface mlflow-web"]);
    assert.deepEqual([outputs.url, outputs.portForward], ["https://mlflow.ml.example.org", undefined]);
  });

  it("by port-forward makes nothing, and says the command", async () => {
    const { resources, outputs } = await expose({ kind: "portForward" });
    assert.deepEqual(typesAndNames(resources), ["mlops:web-interface:WebInterface mlflow-web"]);
    assert.equal(outputs.portForward, "kubectl --namespace mlops port-forward service/mlflow 5000");
    assert.equal(outputs.url, "http://localhost:5000");
  });

  it("is reached by port-forward alone where the exposure does not list it", async () => {
    for (const kind of [{ kind: "nodePort" }, { kind: "loadBalancer", sourceRanges: ["203.0.113.0/24"] }]) {
      const { resources, outputs } = await expose({ ...kind, uis: ["airflow"] });
      assert.deepEqual(typesAndNames(resources), ["mlops:web-interface:WebInterface mlflow-web"]);
      assert.equal(outputs.url, "http://localhost:5000");
      assert.equal(outputs.portForward, "kubectl --namespace mlops port-forward service/mlflow 5000");
      assert.equal(staticUrl(exposure({ ...kind, uis: ["airflow"] }), "mlflow"), undefined);
    }
  });

  it("by load balancer has annotations of its own over the common ones", async () => {
    const { resources } = await expose({
      kind: "loadBalancer",
      sourceRanges: ["203.0.113.0/24"],
      annotations: { team: "ml", owner: "platform" },
      annotationsOf: { mlflow: { owner: "research" }, airflow: { owner: "nobody" } },
    });
    const { inputs } = registration(resources, "kubernetes:core/v1:Service", "mlflow-web");
    assert.equal(at(inputs, "metadata.annotations.team"), "ml");
    assert.equal(at(inputs, "metadata.annotations.owner"), "research");
  });

  it("has no URL beforehand where a cloud chooses the address", () => {
    assert.equal(staticUrl(exposure({ kind: "loadBalancer", sourceRanges: ["203.0.113.0/24"] }), "mlflow"), undefined);
  });
});
