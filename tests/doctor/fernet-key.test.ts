import assert from "node:assert/strict";
import { fernetKey } from "../../scripts/doctor/checks/fernet-key.ts";
import { isFernetKey, isOfKey } from "../../scripts/doctor/checks/fernet.ts";
import { found, secret } from "./recorded.ts";

// Token and key of https://github.com/fernet/spec/blob/master/verify.json
const key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const token = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
const otherKey = Buffer.alloc(32, 7).toString("base64url");

describe("a Fernet token", () => {
  it("is of the key that has signed it, alone or among others", () => {
    assert.equal(isOfKey(token, key), true);
    assert.equal(isOfKey(token, `${otherKey},${key}`), true);
  });

  it("is of no other key, and not after a change", () => {
    assert.equal(isOfKey(token, otherKey), false);
    assert.equal(isOfKey(token.replace("HwJ6", "HwJ7").replace("dwJ6", "dwJ7"), key), false);
    assert.equal(isOfKey("short", key), false);
    assert.equal(isOfKey("", key), false);
  });

  it("has a key of 32 bytes", () => {
    assert.equal(isFernetKey(key), true);
    assert.equal(isFernetKey(`${key},${otherKey}`), true);
    assert.equal(isFernetKey("c2hvcnQ="), false);
    assert.equal(isFernetKey(""), false);
  });
});

describe("fernet-key", () => {
  const rows = {
    airflow: [
      ["connection warehouse", token],
      ["variable region", token],
    ],
  };

  it("finds values that the Secret's key has not signed, by name", async () => {
    assert.deepEqual(await found(fernetKey, [secret("airflow-keys", { "fernet-key": otherKey })], { rows }), [
      ["secret mlops/airflow-keys", "2 of 2 encrypted values use another key: connection warehouse, variable region"],
    ]);
  });

  it("asks the database that Airflow's own Secret names", async () => {
    const url = "postgresql://staging_airflow_g1:p@postgres.mlops.svc:5432/staging_airflow?sslmode=verify-full";
    const secrets = [
      secret("airflow-keys", { "fernet-key": otherKey }),
      secret("airflow-metadata", { connection: url }),
    ];
    assert.deepEqual(await found(fernetKey, secrets, { rows }), []);
    assert.equal((await found(fernetKey, secrets, { rows: { staging_airflow: rows.airflow } })).length, 1);
  });

  it("finds nothing where the old key stands behind the new one", async () => {
    const keys = secret("airflow-keys", { "fernet-key": `${otherKey},${key}` });
    assert.deepEqual(await found(fernetKey, [keys], { rows }), []);
  });

  it("finds a key that is none", async () => {
    const keys = secret("airflow-keys", { "fernet-key": "changeme" });
    assert.deepEqual(await found(fernetKey, [keys], { rows }), [
      ["secret mlops/airflow-keys", "its fernet-key is not a Fernet key of 32 bytes"],
    ]);
  });

  it("finds nothing where the database does not answer, or without Airflow", async () => {
    assert.deepEqual(await found(fernetKey, [secret("airflow-keys", { "fernet-key": key })]), []);
    assert.deepEqual(await found(fernetKey, [], { rows }), []);
  });
});
