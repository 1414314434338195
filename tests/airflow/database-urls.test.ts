import assert from "node:assert/strict";
import { databaseUrls } from "../../components/airflow/database-urls.ts";

const address = { host: "postgres.mlops.svc", port: 5432, database: "airflow", user: "airflow", password: "secret" };

describe("databaseUrls", () => {
  it("verifies the server in each driver's own words", () => {
    const verified = "?sslmode=verify-full&sslrootcert=/etc/postgres-ca/ca.crt";
    assert.deepEqual(databaseUrls(address), {
      metadata: `postgresql://airflow:secret@postgres.mlops.svc:5432/airflow${verified}`,
      metadataAsync: "postgresql+asyncpg://airflow:secret@postgres.mlops.svc:5432/airflow?ssl=verify-full",
      resultBackend: `db+postgresql://airflow:secret@postgres.mlops.svc:5432/airflow${verified}`,
    });
  });

  it("encodes names and passwords", () => {
    const urls = databaseUrls({ ...address, user: "a@b", password: "p:w/d?#%$ ", database: "air flow" });
    for (const url of [urls.metadata, urls.metadataAsync, urls.resultBackend]) {
      assert.match(url, /:\/\/a%40b:p%3Aw%2Fd%3F%23%25%24%20@postgres\.mlops\.svc:5432\/air%20flow\?/);
    }
    assert.equal(decodeURIComponent(new URL(urls.metadata).password), "p:w/d?#%$ ");
  });
});
