import assert from "node:assert/strict";
import { webUiNames } from "../../components/parts.ts";
import type { IngressArgs } from "../../components/cluster/cluster.ts";
import { plainCapabilities } from "../../components/cluster/cluster.ts";
import { exposeAll } from "../../components/web/web-interfaces.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration } from "../program/registrations.ts";
import { at, listAt } from "../../lib/json.ts";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const serviceType = "kubernetes:core/v1:Service";

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
const hostsOf = (inputs: object) => listAt(inputs, "spec.rules").map((rule) => at(rule, "host"));

describe("the web ingress", () => {
  const seen: IngressArgs[] = [];
  const prepareIngress = (args: IngressArgs) => {
    seen.push(args);
    return {
      ingress: { "example.org/certificate": "managed" },
      services: { mlflow: { "example.org/health": "/health" } },
    };
  };

  async function expose(own: object = {}) {
    seen.length = 0;
    const { exposure } = validate({
      cluster: { kind: "minikube" },
      exposure: { kind: "ingress", domain: "ml.example.org", tlsSecretName: "ml-tls", ...own },
    });
    const loadBalancing = { ...plainCapabilities.loadBalancing, ingressClass: "cloud", prepareIngress };
    return record(() => {
      const args = {
        namespace: "mlops",
        exposure: { config: exposure, nodeAddress: undefined, loadBalancing },
        names: webUiNames.filter((name) => name !== "minio"),
      };
      const { airflow, grafana, prometheus } = exposeAll(args, {});
      return {
        airflow: airflow?.url,
        grafana: grafana?.url,
        forwardGrafana: grafana?.portForward,
        prometheus: prometheus?.url,
        forward: prometheus?.portForward,
      };
    });
  }

  it("is one object with a host, a Service and one certificate for all UIs", async () => {
    const { resources, outputs } = await expose();
    const { inputs } = registration(resources, ingressType, "web");
    const hosts = ["airflow.ml.example.org", "mlflow.ml.example.org", "grafana.ml.example.org"];
    assert.deepEqual(at(inputs, "spec.tls"), [{ hosts, secretName: "ml-tls" }]);
    assert.equal(at(inputs, "spec.ingressClassName"), "cloud");
    assert.equal(at(inputs, "spec.rules.1.host"), hosts[1]);
    const backend = { service: { name: "mlflow-web", port: { number: 80 } } };
    assert.deepEqual(at(inputs, "spec.rules.1.http.paths"), [{ path: "/", pathType: "Prefix", backend }]);
    assert.equal(outputs.airflow, "https://airflow.ml.example.org");
    const service = registration(resources, serviceType, "mlflow-web").inputs;
    assert.deepEqual(at(service, "spec.ports"), [{ name: "http", port: 80, targetPort: 5000 }]);
  });

  it("has the annotations that the cluster wants, made from each UI's health check", async () => {
    const { resources } = await expose();
    assert.deepEqual(at(registration(resources, ingressType, "web").inputs, "metadata.annotations"), {
      "pulumi.com/waitFor": "jsonpath={.metadata.name}",
      "example.org/certificate": "managed",
    });
    assert.deepEqual(at(registration(resources, serviceType, "mlflow-web").inputs, "metadata.annotations"), {
      "pulumi.com/skipAwait": "true",
      "example.org/health": "/health",
    });
    const [args] = seen;
    assert.equal(args?.hasOwnCertificate, true);
    assert.deepEqual(args.backends[0], {
      name: "airflow",
      host: "airflow.ml.example.org",
      healthPath: "/api/v2/monitor/health",
      healthPort: 8080,
    });
  });

  it("leaves the user's own class alone", async () => {
    const { resources } = await expose({ className: "team" });
    const { inputs } = registration(resources, ingressType, "web");
    assert.equal(at(inputs, "spec.ingressClassName"), "team");
    assert.deepEqual(at(inputs, "metadata.annotations"), { "pulumi.com/waitFor": "jsonpath={.metadata.name}" });
    assert.deepEqual(seen, []);
  });

  it("has the hosts that the site names; a UI without one is reached by port-forward", async () => {
    const named = { airflow: "airflow.corp.example", mlflow: "models.corp.example" };
    const { resources, outputs } = await expose({ domain: undefined, hosts: named, className: "team" });
    const { inputs } = registration(resources, ingressType, "web");
    const hosts = Object.values(named);
    assert.deepEqual(at(inputs, "spec.tls"), [{ hosts, secretName: "ml-tls" }]);
    assert.deepEqual(hostsOf(inputs), hosts);
    assert.deepEqual([outputs.airflow, outputs.grafana], ["https://airflow.corp.example", "http://localhost:3000"]);
    assert.equal(outputs.forwardGrafana, "kubectl --namespace mlops port-forward service/grafana 3000");
    const services = resources.filter(({ type }) => type === serviceType).map(({ name }) => name);
    assert.deepEqual(services.toSorted(), ["airflow-web", "mlflow-web"]);
  });

  it("may have one host of the site's own beside those below the domain, and fewer UIs", async () => {
    const own = { hosts: { mlflow: "models.corp.example" }, uis: ["airflow", "mlflow"] };
    const { resources } = await expose(own);
    const { inputs } = registration(resources, ingressType, "web");
    assert.deepEqual(hostsOf(inputs), ["airflow.ml.example.org", "models.corp.example"]);
  });

  it("asks for the controller's default certificate by TLS without a Secret, and for others by theirs", async () => {
    const own = { tlsSecretName: undefined, defaultCertificate: true, tlsSecretNames: { mlflow: "models-tls" } };
    const { resources } = await expose({ ...own, className: "team" });
    const { inputs } = registration(resources, ingressType, "web");
    assert.deepEqual(at(inputs, "spec.tls"), [
      { hosts: ["airflow.ml.example.org", "grafana.ml.example.org"] },
      { hosts: ["mlflow.ml.example.org"], secretName: "models-tls" },
    ]);
  });

  it("is another one for a UI with annotations of its own, since annotations apply to all hosts of one", async () => {
    const { resources } = await expose({
      className: "team",
      annotations: { "example.org/common": "yes", "example.org/size": "1" },
      annotationsOf: { mlflow: { "example.org/size": "0" } },
    });
    const ingresses = resources.filter(({ type }) => type === ingressType).toSorted(byName);
    const waitFor = { "pulumi.com/waitFor": "jsonpath={.metadata.name}" };
    assert.deepEqual(
      ingresses.map(({ name, inputs }) => [name, hostsOf(inputs), at(inputs, "metadata.annotations")]),
      [
        [
          "web",
          ["airflow.ml.example.org", "grafana.ml.example.org"],
          { ...waitFor, "example.org/common": "yes", "example.org/size": "1" },
        ],
        ["web-mlflow", ["mlflow.ml.example.org"], { ...waitFor, "example.org/common": "yes", "example.org/size": "0" }],
      ],
    );
    const { inputs } = registration(resources, ingressType, "web-mlflow");
    assert.deepEqual(at(inputs, "spec.tls"), [{ hosts: ["mlflow.ml.example.org"], secretName: "ml-tls" }]);
  });

  it("has no host for Prometheus, which no health check passes; a port-forward reaches it", async () => {
    const { outputs } = await expose();
    assert.equal(outputs.prometheus, "http://localhost:9090");
    assert.equal(outputs.forward, "kubectl --namespace mlops port-forward service/prometheus 9090");
  });
});
