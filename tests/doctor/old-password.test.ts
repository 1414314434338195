import assert from "node:assert/strict";
import { oldPassword } from "../../scripts/doctor/checks/old-password.ts";
import { isPassword } from "../../scripts/doctor/checks/scram.ts";
import { found, object, secret } from "./recorded.ts";

/** What Postgres 15 keeps of the password `pencil`. */
const verifier =
  "SCRAM-SHA-256$4096:OqDeY1ww1YuoX7pJSNaDAQ==$Xan3D7kg3ZNzJxVn8cPxIzKhBNHt6UVLFvDRcTICapc=:cZSqqC0NkbxIp7KBDXxTUoY3NmPefEblthbJJ2kjwBg=";

describe("a verifier of Postgres's", () => {
  it("is of one password", () => {
    assert.equal(isPassword("pencil", verifier), true);
    assert.equal(isPassword("Pencil", verifier), false);
  });

  it("is of none where a role has no password, or an MD5 one", () => {
    assert.equal(isPassword("", ""), false);
    assert.equal(isPassword("pencil", "md5d0a0f7e27a13fe5c8d1eb3e4d8bd0f47"), false);
  });
});

describe("old-password", () => {
  const roles = ["postgres", "airflow", "mlflow", "exporter_g2", "examples_g2", "backup"];
  const rows = { postgres: roles.map((role) => [role, verifier]) };
  const url = (user: string, password: string) =>
    `postgresql+psycopg2://${user}:${password}@postgres.mlops.svc/${user}`;
  const roleOf = (name: string, memberOf: string[]) => ({ name, login: `${name}_g2`, memberOf });
  const spec = (prefix: string) => {
    const roles = [roleOf(`${prefix}airflow`, []), roleOf(`${prefix}exporter`, ["pg_monitor"])];
    return object("ConfigMap", "databases-spec", { data: { "spec.json": JSON.stringify({ roles }) } });
  };
  const backup = object("ConfigMap", "backup", { data: { PGUSER: "backup" } });
  const secrets = (password: string) => [
    secret("postgres-superuser", { password }),
    secret("databases-passwords", { airflow: password, exporter_g2: password }),
    secret("postgres-exporter", { password }),
    secret("airflow-metadata", { connection: url("airflow", password) }),
    secret("mlflow", { "backend-store-uri": url("mlflow", password) }),
    backup,
    spec(""),
    secret("backup", { PGPASSWORD: password }),
    secret("examples", { PGUSER: "examples_g2", PGPASSWORD: password }, "examples"),
    secret("airflow-admin", { password: "of no role" }),
  ];

  it("compares every Secret that holds a role's password", async () => {
    assert.deepEqual(await found(oldPassword, secrets("new"), { rows }), [
      ["secret mlops/postgres-superuser", "Postgres has another password for postgres"],
      ["secret mlops/databases-passwords", "Postgres has another password for airflow"],
      ["secret mlops/databases-passwords", "Postgres has another password for exporter_g2"],
      ["secret mlops/postgres-exporter", "Postgres has another password for exporter_g2"],
      ["secret mlops/airflow-metadata", "Postgres has another password for airflow"],
      ["secret mlops/mlflow", "Postgres has another password for mlflow"],
      ["secret mlops/backup", "Postgres has another password for backup"],
      ["secret examples/examples", "Postgres has another password for examples_g2"],
    ]);
    assert.deepEqual(await found(oldPassword, secrets("pencil"), { rows }), []);
  });

  it("knows the exporter's login by what the Job was asked for", async () => {
    const items = [spec("staging_"), secret("postgres-exporter", { password: "new" })];
    const own = { postgres: [["staging_exporter_g2", verifier]] };
    assert.deepEqual(await found(oldPassword, items, { rows: own }), [
      ["secret mlops/postgres-exporter", "Postgres has another password for staging_exporter_g2"],
    ]);
  });

  it("finds a role that nobody has made", async () => {
    const items = [secret("databases-passwords", { later: "pencil" })];
    assert.deepEqual(await found(oldPassword, items, { rows }), [
      ["secret mlops/databases-passwords", "Postgres has no role later"],
    ]);
  });

  it("finds nothing where Postgres does not answer", async () => {
    assert.deepEqual(await found(oldPassword, secrets("new")), []);
  });
});
