import assert from "node:assert/strict";
import { webUiNames } from "../../../components/parts.ts";
import { gkeCapabilities } from "../../../components/cluster/gke/gke-capabilities.ts";
import { webLimits } from "../../../components/cluster/gke/gke-web-limits.ts";
import { exposeAll } from "../../../components/web/web-interfaces.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import { fields, registration } from "../../program/registrations.ts";
import { gkeConfig, recordGke } from "./gke-cases.ts";
import { at } from "../../../lib/json.ts";

const exposure = { kind: "ingress", domain: "ml.example.org" };
const hosts = ["airflow", "mlflow", "minio", "grafana"].map((name) => `${name}.ml.example.org`);

describe("the ingress of a GKE cluster", () => {
  async function expose(own: object = {}) {
    const config = gkeConfig({ exposure: { ...exposure, ...own } });
    assert.ok(config.cluster.kind === "gke");
    const { loadBalancing } = gkeCapabilities(config.cluster);
    const { resources } = await record(() => {
      const args = { config: config.exposure, nodeAddress: undefined, loadBalancing };
      exposeAll({ namespace: "mlops", exposure: args, names: webUiNames }, {});
    });
    const annotations = (type: string, name: string) =>
      fields(at(registration(resources, type, name).inputs, "metadata.annotations"));
    return { resources, annotations };
  }

  const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
  const certificateType = "kubernetes:networking.gke.io/v1:ManagedCertificate";

  it("has a managed certificate for every host, the fixed address, and sends plain HTTP to HTTPS", async () => {
    const { resources, annotations } = await expose();
    assert.deepEqual(at(registration(resources, certificateType, "web-certificate").inputs, "spec"), {
      domains: hosts,
    });
    const frontendType = "kubernetes:networking.gke.io/v1beta1:FrontendConfig";
    assert.deepEqual(at(registration(resources, frontendType, "web-frontend").inputs, "spec"), {
      redirectToHttps: { enabled: true },
      sslPolicy: "mlops-web",
    });
    assert.deepEqual(annotations(ingressType, "web"), {
      "pulumi.com/waitFor": "jsonpath={.metadata.name}",
      "kubernetes.io/ingress.class": "gce",
      "kubernetes.io/ingress.global-static-ip-name": "mlops-web",
      "networking.gke.io/v1beta1.FrontendConfig": "web",
      "networking.gke.io/managed-certificates": "web",
    });
    assert.equal(at(registration(resources, ingressType, "web").inputs, "spec.ingressClassName"), undefined);
  });

  it("checks each UI where it answers without a login", async () => {
    const { resources, annotations } = await expose();
    const backendType = "kubernetes:cloud.google.com/v1:BackendConfig";
    const healthOf = (name: string) =>
      at(registration(resources, backendType, `${name}-backend`).inputs, "spec.healthCheck");
    assert.deepEqual(healthOf("airflow"), { type: "HTTP", requestPath: "/api/v2/monitor/health", port: 8080 });
    assert.deepEqual(healthOf("grafana"), { type: "HTTP", requestPath: "/api/health", port: 3000 });
    assert.deepEqual(annotations("kubernetes:core/v1:Service", "airflow-web"), {
      "pulumi.com/skipAwait": "true",
      "cloud.google.com/neg": '{"ingress":true}',
      "cloud.google.com/backend-config": '{"default":"airflow-web"}',
    });
  });

  it("limits the requests to each UI by the policy of the cluster's layer", async () => {
    const { resources } = await expose();
    for (const name of ["airflow", "mlflow", "minio", "grafana"]) {
      const backend = registration(resources, "kubernetes:cloud.google.com/v1:BackendConfig", `${name}-backend`);
      assert.deepEqual(at(backend.inputs, "spec.securityPolicy"), { name: "mlops-web" });
    }
    const made = await recordGke({ exposure });
    const { inputs, urn } = registration(made.resources, "gcp:compute/securityPolicy:SecurityPolicy", "mlops-web");
    assert.deepEqual(inputs, { name: "mlops-web", rules: webLimits(undefined) });
    const provider = registration(made.resources, "pulumi:providers:kubernetes", "cluster");
    assert.ok(provider.dependencies.includes(urn), "the load balancer goes before its policy");
  });

  it("lets in only those whose ranges are given", async () => {
    const sourceRanges = ["203.0.113.0/24"];
    const { resources } = await recordGke({ exposure: { ...exposure, sourceRanges } });
    const { inputs } = registration(resources, "gcp:compute/securityPolicy:SecurityPolicy", "mlops-web");
    assert.deepEqual(inputs.rules, webLimits(sourceRanges));
  });

  it("takes the user's own certificate in place of a managed one", async () => {
    const { resources, annotations } = await expose({ tlsSecretName: "ml-tls" });
    assert.equal(resources.filter(({ type }) => type === certificateType).length, 0);
    assert.equal(annotations(ingressType, "web")["networking.gke.io/managed-certificates"], undefined);
    assert.equal(at(registration(resources, ingressType, "web").inputs, "spec.tls.0.secretName"), "ml-tls");
  });

  it("has its address and TLS policy from the cluster's layer, and a DNS record where a zone is named", async () => {
    const { resources } = await recordGke({ cluster: { dnsZone: "ml-example-org" }, exposure });
    const name = "mlops-web";
    const address = registration(resources, "gcp:compute/globalAddress:GlobalAddress", name);
    assert.deepEqual(address.inputs, { name, addressType: "EXTERNAL" });
    const policy = registration(resources, "gcp:compute/sSLPolicy:SSLPolicy", name).inputs;
    assert.deepEqual(policy, { name, profile: "MODERN", minTlsVersion: "TLS_1_2" });
    const record = registration(resources, "gcp:dns/recordSet:RecordSet", name).inputs;
    assert.equal(record.managedZone, "ml-example-org");
    assert.equal(record.name, "*.ml.example.org.");
    assert.deepEqual(record.rrdatas, ["203.0.113.20"]);
    const provider = registration(resources, "pulumi:providers:kubernetes", "cluster");
    assert.ok(provider.dependencies.includes(address.urn), "the load balancer goes before its address");
  });

  it("makes none of that for another exposure or for the user's own class", async () => {
    for (const other of [{ kind: "portForward" }, { ...exposure, className: "team", tlsSecretName: "t" }]) {
      const { resources } = await recordGke({ exposure: other });
      assert.equal(resources.filter(({ type }) => type.startsWith("gcp:compute/sSLPolicy")).length, 0);
    }
  });
});

describe("the limits of GKE's load balancer", () => {
  const last = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } };

  it("refuse an address that sends more than 3000 requests a minute, and no other", () => {
    assert.deepEqual(webLimits(undefined), [
      {
        match: last,
        description: "At most 3000 requests a minute for each address",
        priority: 1000,
        action: "throttle",
        rateLimitOptions: {
          rateLimitThreshold: { count: 3000, intervalSec: 60 },
          conformAction: "allow",
          exceedAction: "deny(429)",
          enforceOnKey: "IP",
        },
      },
      { match: last, description: "Everyone else", priority: 2_147_483_647, action: "allow" },
    ]);
  });

  it("refuse everyone outside the given ranges, of which a rule takes ten", () => {
    const ranges = Array.from({ length: 11 }, (_, i) => `203.0.113.${i}/32`);
    const rules = webLimits(ranges);
    assert.deepEqual(
      rules.map(({ priority, action, match }) => [priority, action, at(match, "config.srcIpRanges")]),
      [
        [1000, "throttle", ranges.slice(0, 10)],
        [1010, "throttle", ranges.slice(10)],
        [2_147_483_647, "deny(403)", ["*"]],
      ],
    );
  });
});
