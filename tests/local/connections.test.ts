import assert from "node:assert/strict";
import { described, localized, targetsOf } from "../../local/connections.ts";

const inPods = {
  PGHOST: "postgres.mlops.svc",
  PGSSLROOTCERT: "/etc/postgres-ca/ca.crt",
  MLFLOW_TRACKING_URI: "http://mlflow.mlops.svc:5000",
  AWS_ENDPOINT_URL_S3: "https://minio.mlops.svc.cluster.local",
  DATA_URI: "s3://projects/examples",
};
const files = { certificate: undefined, data: "/home/me/data" };

describe("the connections of a program on this machine", () => {
  it("are forwards to the Services that variables name", () => {
    assert.deepEqual(Object.fromEntries(targetsOf(inPods)), {
      PGHOST: { service: "postgres", namespace: "mlops", port: 5432 },
      MLFLOW_TRACKING_URI: { service: "mlflow", namespace: "mlops", port: 5000 },
      AWS_ENDPOINT_URL_S3: { service: "minio", namespace: "mlops", port: 443 },
    });
  });

  it("are other addresses as they are", () => {
    const outside = { PGHOST: "10.1.2.3", PGPORT: "5433", MLFLOW_TRACKING_URI: "https://mlflow.example.org" };
    assert.deepEqual(targetsOf(outside), new Map());
    assert.deepEqual(localized(outside, new Map(), files), outside);
  });

  it("lead to this machine's ports, with the name that the database's certificate is for", () => {
    const forwarded = new Map([...targetsOf(inPods)].map(([name, to], i) => [name, { ...to, local: 40_000 + i }]));
    assert.deepEqual(localized(inPods, forwarded, { ...files, certificate: "/state/ca.crt" }), {
      PGHOST: "postgres.mlops.svc",
      PGHOSTADDR: "127.0.0.1",
      PGPORT: "40002",
      PGSSLROOTCERT: "/state/ca.crt",
      MLFLOW_TRACKING_URI: "http://localhost:40000",
      AWS_ENDPOINT_URL_S3: "https://localhost:40001",
      DATA_URI: "s3://projects/examples",
    });
    assert.deepEqual(described(inPods, forwarded), [
      "mlflow.mlops:5000 is localhost:40000",
      "minio.mlops:443 is localhost:40001",
      "postgres.mlops:5432 is localhost:40002",
    ]);
  });

  it("have a folder of this machine for one of the cluster", () => {
    const local = localized({ DATA_URI: "file:///data" }, new Map(), files);
    assert.deepEqual(local, { DATA_URI: "file:///home/me/data" });
    assert.deepEqual(described(local, new Map()), [
      "DATA_URI is file:///home/me/data: the pods' volume is not on this machine",
    ]);
  });
});
