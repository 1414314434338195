import assert from "node:assert/strict";
import { type Config, validate } from "../../config.ts";
import { proxyEgress, proxyFit, withoutProxy } from "../../components/site/proxy.ts";

const url = "http://proxy.corp.example:3128";

function configOf(keys: Record<string, unknown>): Config {
  return validate({ cluster: { kind: "minikube" }, proxy: { https: url }, ...keys });
}

describe("the environment of a site's proxy", () => {
  it("is empty without a proxy", () => {
    assert.deepEqual(proxyFit(validate({ cluster: { kind: "minikube" } })), {
      pod: {},
      container: {},
      annotations: {},
    });
  });

  it("names the proxy of each protocol in capitals and in small letters", () => {
    const { container } = proxyFit(configOf({ proxy: { http: "http://10.7.0.8:8080", https: url } }));
    const values = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]));
    const { NO_PROXY: no, no_proxy: lower, FSSPEC_GCS: gcsfs, ...urls } = values;
    const [http, https] = ["http://10.7.0.8:8080", url];
    assert.deepEqual(urls, { HTTP_PROXY: http, http_proxy: http, HTTPS_PROXY: https, https_proxy: https });
    assert.equal(no, lower);
    assert.match(gcsfs ?? "", /trust_env/);
  });

  it("takes URLs with a login from a Secret and changes with the login", () => {
    const fitOf = (password: string) => proxyFit(configOf({ secrets: { proxy: { username: "robot", password } } }));
    const { container, annotations } = fitOf("one");
    const [variable] = container.env ?? [];
    assert.deepEqual(variable, {
      name: "HTTPS_PROXY",
      valueFrom: { secretKeyRef: { name: "proxy-urls", key: "https" } },
    });
    assert.ok(!JSON.stringify(container).includes("robot"));
    assert.notDeepEqual(annotations, fitOf("two").annotations);
    assert.deepEqual(annotations, fitOf("one").annotations);
  });
});

describe("what is reached without the proxy", () => {
  it("is all that is inside, and what the site names", () => {
    const no = withoutProxy(configOf({ proxy: { https: url, no: [".corp.example", "10.0.0.0/8"] } }));
    const inside = ["localhost", "127.0.0.1", "::1", ".svc", ".cluster.local", "$(KUBERNETES_SERVICE_HOST)"];
    const services = ["airflow-api-server", "mlflow", "minio", "prometheus"];
    const metadata = ["169.254.169.254", "metadata.google.internal"];
    for (const name of [...inside, ...services, ...metadata, ".corp.example", "10.0.0.0/8"])
      assert.ok(no.includes(name), name);
    assert.equal(new Set(no).size, no.length);
  });

  it("is Postgres outside the cluster, the node and the ranges of a cloud's network", () => {
    const caCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    const postgres = { kind: "external", host: "postgres.corp.example", caCertificate };
    const secrets = { postgres: { adminPassword: "x" } };
    const node = { kind: "minikube", nodeAddress: "192.168.49.2" };
    const ofMinikube = withoutProxy(configOf({ cluster: node, postgres, secrets }));
    assert.ok(ofMinikube.includes("postgres.corp.example") && ofMinikube.includes("192.168.49.2"));
    const eks = { cluster: { kind: "eks", region: "eu-central-1" }, imageRegistry: "registry.example.org/mlops" };
    const ofEks = withoutProxy(configOf(eks));
    assert.ok(ofEks.includes("10.10.0.0/16") && ofEks.includes("172.20.0.0/16"));
  });
});

describe("the way to a site's proxy", () => {
  it("is its address, or its name, and its port", () => {
    const egress = (proxy: object) => proxyEgress(configOf({ proxy }));
    assert.deepEqual(egress({ https: url, http: url }), [{ host: "proxy.corp.example", ports: [3128] }]);
    assert.deepEqual(egress({ http: "http://10.7.0.8" }), [{ cidr: "10.7.0.8/32", ports: [80] }]);
    assert.deepEqual(egress({ https: "https://[fd00::8]:3129" }), [{ cidr: "fd00::8/128", ports: [3129] }]);
    assert.deepEqual(egress({ https: "https://proxy.corp.example" }), [{ host: "proxy.corp.example", ports: [443] }]);
  });
});
