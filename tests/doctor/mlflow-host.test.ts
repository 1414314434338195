import assert from "node:assert/strict";
import { allowedHosts } from "../../components/mlflow/mlflow-config.ts";
import { mlflowHost } from "../../scripts/doctor/checks/mlflow-host.ts";
import { found, object, recorded } from "./recorded.ts";

const server = { labels: { "app.kubernetes.io/name": "mlflow" } };

/** The server with its argument, its Service, and its pod that runs. */
function serverWith(allowed: readonly string[]): unknown[] {
  const template = { spec: { containers: [{ args: [`--allowed-hosts=${allowed.join(",")}`] }] } };
  return [
    object("Deployment", "mlflow", { spec: { template } }, server),
    object("Service", "mlflow", { spec: { selector: server.labels }, status: {} }),
    object("Pod", "mlflow-0", { spec: { containers: [] }, status: { phase: "Running" } }, server),
  ];
}

const backend = { service: { name: "mlflow", port: { number: 5000 } } };
const ingress = (host: string) =>
  object("Ingress", "web", { spec: { rules: [{ host, http: { paths: [{ backend }] } }] } });

describe("a host of MLflow's", () => {
  const objects = serverWith(allowedHosts("mlops", ["mlflow.ml.example.org"]));

  it("is allowed as it is written, with its port", async () => {
    for (const host of ["mlflow:5000", "mlflow.mlops.svc", "localhost:5001", "mlflow.ml.example.org"]) {
      assert.deepEqual(await found(mlflowHost, [...objects, ingress(host)]), [], host);
    }
    for (const host of ["mlflow.ml.example.org:8443", "10.1.2.3:5000", "xmlflow", "mlflowXmlops"]) {
      assert.equal((await found(mlflowHost, [...objects, ingress(host)])).length, 1, host);
    }
  });

  it("is counted where the log says that it was refused", async () => {
    const warning = "WARNING mlflow.server.fastapi_security: Rejected request with invalid Host header:";
    const log = [
      `2026/11/21 14:01:33 ${warning} wrong.example.org`,
      '2026/11/21 14:01:33 INFO:     127.0.0.1:57270 - "GET / HTTP/1.1" 403 Forbidden',
      `2026/11/21 14:01:34 ${warning} wrong.example.org`,
      `2026/11/21 14:01:35 ${warning} mlflow.other:5000`,
    ].join("\n");
    assert.deepEqual(await found(mlflowHost, objects, { logs: { "mlops/pod/mlflow-0": log } }), [
      ["pod mlops/mlflow-0", "it rejected the host wrong.example.org 2 times in 15 minutes"],
      ["pod mlops/mlflow-0", "it rejected the host mlflow.other:5000 1 times in 15 minutes"],
    ]);
  });
});

describe("mlflow-host", () => {
  it("finds an Ingress whose host the server does not know", async () => {
    assert.deepEqual(await found(mlflowHost, [...recorded("live"), ingress("ml.example.org")]), [
      [
        "ingress mlops/web",
        "it sends MLflow the host ml.example.org, which --allowed-hosts does not list: every page returns 403",
      ],
    ]);
    assert.deepEqual(await found(mlflowHost, [...recorded("live"), ingress("mlflow.mlops")]), []);
  });

  it("finds a load balancer whose address the server does not know", async () => {
    const service = object("Service", "mlflow-web", {
      spec: { type: "LoadBalancer", selector: { "app.kubernetes.io/name": "mlflow" } },
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } },
    });
    const [[where] = []] = await found(mlflowHost, [...recorded("live"), service]);
    assert.equal(where, "service mlops/mlflow-web");
  });
});
