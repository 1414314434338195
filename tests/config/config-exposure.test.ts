import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { badExposures } from "./bad/exposure.ts";

const cluster = { kind: "minikube" };
const ingress = { kind: "ingress", domain: "ml.example.org", tlsSecretName: "ml-tls" };
const hosts = { airflow: "airflow.corp.example", mlflow: "models.corp.example" };
const gateway = { kind: "gateway", hosts, parentRef: { name: "internal", namespace: "edge", sectionName: "https" } };

describe("an exposure that is wrong", () => {
  for (const { name, config, key, found, allowed, fix } of badExposures) {
    it(name, () => {
      const read = () => validate(config);
      assert.throws(read, (error) => {
        assert.ok(error instanceof ConfigError);
        const problem = error.problems.find((one) => one.key === key);
        assert.ok(problem !== undefined, error.message);
        assert.equal(error.problems.length, 1, error.message);
        assert.ok(problem.found.includes(found), problem.found);
        assert.ok(problem.allowed.includes(allowed), problem.allowed);
        assert.ok(ofAnyStack(problem.fix).includes(fix), problem.fix);
        return true;
      });
    });
  }
});

describe("an exposure that is right", () => {
  for (const [name, exposure] of Object.entries({
    "hosts without a domain": { kind: "ingress", hosts, tlsSecretName: "ml-tls" },
    "a Secret for each host": { kind: "ingress", hosts, tlsSecretNames: { airflow: "a-tls", mlflow: "b-tls" } },
    "the controller's own certificate": { kind: "ingress", hosts, defaultCertificate: true },
    "Prometheus, where no health check closes its host": { ...ingress, uis: ["prometheus"] },
    "a Secret of its own for an Ingress of its own": {
      ...ingress,
      annotations: { "cert-manager.io/issuer": "corp" },
      annotationsOf: { mlflow: { "example.org/size": "0" } },
      tlsSecretNames: { mlflow: "mlflow-tls" },
    },
    "a gateway in the platform's namespace": { ...gateway, parentRef: { name: "internal", sectionName: "https" } },
  })) {
    it(`may have ${name}`, () => {
      assert.equal(validate({ cluster, exposure }).exposure.kind, exposure.kind);
    });
  }
});
