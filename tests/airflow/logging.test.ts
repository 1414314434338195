import assert from "node:assert/strict";
import { localLogRetentionDays, loggingValues } from "../../components/airflow/logging.ts";

describe("loggingValues", () => {
  it("puts logs on the program's own claim", () => {
    assert.deepEqual(loggingValues({ kind: "volume" }), {
      logs: { persistence: { enabled: true, existingClaim: "airflow-logs" } },
      config: {},
      environmentConfigMaps: [],
      environmentSecrets: [],
    });
  });

  it("reads where the object store is from a ConfigMap, and credentials from a Secret", () => {
    assert.deepEqual(loggingValues({ kind: "objectStorage", hasSecrets: true }), {
      logs: { persistence: { enabled: false } },
      config: { remote_logging: "True", delete_local_logs: "True" },
      environmentConfigMaps: ["airflow-log-storage"],
      environmentSecrets: ["airflow-log-storage"],
    });
  });

  it("names no Secret where the service account is the identity", () => {
    assert.deepEqual(loggingValues({ kind: "objectStorage", hasSecrets: false }).environmentSecrets, []);
  });

  it("keeps logs that are nowhere else for a month and copies for a day", () => {
    assert.equal(localLogRetentionDays("volume"), 30);
    assert.equal(localLogRetentionDays("objectStorage"), 1);
  });
});
