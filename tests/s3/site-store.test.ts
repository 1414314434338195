import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { siteStore, siteStoreDestinations } from "../../components/s3/site-store.ts";
import { type S3Config, s3Schema } from "../../config/s3/schema.ts";

const ofSite = (change: object = {}): S3Config =>
  s3Schema.parse({ endpoint: "https://s3.example.org", bucket: "company", ...change });

const clients = [
  { name: "mlflow", prefix: "mlflow/artifacts", serviceAccounts: [{ namespace: "mlops", name: "mlflow" }] },
  { name: "alpha", prefix: "projects/alpha", serviceAccounts: [{ namespace: "alpha", name: "alpha" }] },
];
const keysOf = (client: string, secretKey = `secret-of-${client}`) => ({
  accessKey: pulumi.secret(`key-of-${client}`),
  secretKey: pulumi.secret(secretKey),
  fingerprint: secretKey,
});

describe("siteStore", () => {
  it("gives each client its prefix, its keys, and an environment that plain S3 servers understand", () => {
    const { access, ready } = siteStore(ofSite({ region: "north-1" }), clients, keysOf);
    assert.deepEqual(ready, []);
    assert.deepEqual(Object.keys(access), ["mlflow", "alpha"]);
    assert.equal(access.mlflow?.uri, "s3://company/mlflow/artifacts");
    assert.deepEqual(access.mlflow.environment, {
      AWS_ENDPOINT_URL_S3: "https://s3.example.org",
      AWS_REGION: "north-1",
      AWS_DEFAULT_REGION: "north-1",
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
      AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
    });
    assert.deepEqual(access.mlflow.accountAnnotations, {});
    assert.deepEqual(Object.keys(access.mlflow.secretEnvironment), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
  });

  it("keeps a platform below its folder of the bucket", () => {
    const { access } = siteStore(ofSite({ prefix: "teams/ml" }), clients, keysOf);
    assert.equal(access.alpha?.uri, "s3://company/teams/ml/projects/alpha");
  });

  it("restarts what reads the environment for another key, endpoint or folder, and for nothing else", () => {
    const of = (change: object, secretKey = "one") =>
      siteStore(ofSite(change), clients, (client) => keysOf(client, secretKey)).access.mlflow?.fingerprint;
    assert.equal(of({}), of({ egress: ["10.0.0.0/8"] }));
    const all = [of({}), of({}, "two"), of({ endpoint: "https://other.example.org" }), of({ prefix: "b" })];
    assert.equal(new Set(all).size, all.length);
  });
});

describe("siteStoreDestinations", () => {
  const families = ["IPv4", "IPv6"] as const;
  const everywhere = (port: number) => ["0.0.0.0/0", "::/0"].map((cidr) => ({ to: { cidr }, ports: [port] }));

  it("are the endpoint's port at every address, where nobody knows better", () => {
    assert.deepEqual(siteStoreDestinations(ofSite(), families), everywhere(443));
    assert.deepEqual(
      siteStoreDestinations(ofSite({ endpoint: "https://s3.example.org:8443" }), families),
      everywhere(8443),
    );
    assert.deepEqual(siteStoreDestinations(ofSite({ endpoint: "http://10.1.2.3" }), families), everywhere(80));
  });

  it("are a Service's namespace for a Service", () => {
    const endpoint = "http://rgw.rook-ceph.svc.cluster.local:8080";
    assert.deepEqual(siteStoreDestinations(ofSite({ endpoint }), families), [
      { to: { namespace: "rook-ceph" }, ports: [8080] },
    ]);
  });

  it("are what the site names", () => {
    const egress = ["10.1.2.0/24", { namespace: "storage", ports: [9000] }];
    assert.deepEqual(siteStoreDestinations(ofSite({ egress }), families), [
      { to: { cidr: "10.1.2.0/24" }, ports: [443] },
      { to: { namespace: "storage" }, ports: [9000] },
    ]);
  });
});
