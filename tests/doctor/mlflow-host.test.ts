import assert from "node:assert/strict";
import { allowedHosts } from "../../components/mlflow/mlflow-config.ts";
import { isAllowed, mlflowHost, refusedHosts } from "../../scripts/doctor/checks/mlflow-host.ts";
import { found, object, recorded } from "./recorded.ts";

describe("a host of MLflow's", () => {
  const allowed = allowedHosts("mlops", ["mlflow.ml.example.org"]);

  it("is allowed as it is written, with its port", () => {
    for (const host of ["mlflow:5000", "mlflow.mlops.svc", "localhost:5001", "mlflow.ml.example.org"]) {
      assert.equal(isAllowed(host, allowed), true, host);
    }
    for (const host of ["mlflow.ml.example.org:8443", "10.1.2.3:5000", "xmlflow", "mlflowXmlops"]) {
      assert.equal(isAllowed(host, allowed), false, host);
    }
  });

  it("is counted where the log says that it was refused", () => {
    const warning = "WARNING mlflow.server.fastapi_security: Rejected request with invalid Host header:";
    const log = [
      `2026/11/21 14:01:33 ${warning} wrong.example.org`,
      '2026/11/21 14:01:33 INFO:     127.0.0.1:57270 - "GET / HTTP/1.1" 403 Forbidden',
      `2026/11/21 14:01:34 ${warning} wrong.example.org`,
      `2026/11/21 14:01:35 ${warning} mlflow.other:5000`,
    ].join("\n");
    assert.deepEqual(refusedHosts(log), [
      { host: "wrong.example.org", count: 2 },
      { host: "mlflow.other:5000", count: 1 },
    ]);
  });
});

describe("mlflow-host", () => {
  const backend = { service: { name: "mlflow", port: { number: 5000 } } };
  const ingress = (host: string) =>
    object("Ingress", "web", { spec: { rules: [{ host, http: { paths: [{ backend }] } }] } });

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
