import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allowedHosts, allowedOrigins, authConfig, databaseUri } from "../../components/mlflow/mlflow-config.ts";

describe("MLflow's names and addresses", () => {
  it("admits no pattern that a foreign name could match", () => {
    for (const host of allowedHosts("mlops", []))
      assert.match(host, /^(mlflow[\w.-]*(:5000)?|(localhost|127\.0\.0\.1)(:\*)?)$/);
    assert.deepEqual(allowedHosts("mlops", ["mlflow.mlops.svc:5000"]), allowedHosts("mlops", []));
    assert.deepEqual(allowedOrigins(["mlflow.example.org"]), [
      "http://mlflow.example.org",
      "https://mlflow.example.org",
    ]);
  });

  it("encodes what a URI and an ini file would take for their own", async () => {
    const uri = databaseUri({
      ...{ host: "postgres.mlops.svc", port: 5432, database: "mlflow", user: "ml flow", caCertificate: "PEM" },
      password: pulumi.secret("p@:/%"),
    });
    const text = await new Promise<string>((resolve) => {
      authConfig(uri).apply(resolve);
    });
    assert.match(text, /^database_uri = postgresql\+psycopg2:\/\/ml%%20flow:p%%40%%3A%%2F%%25@postgres/m);
    assert.match(text, /^default_permission = NO_PERMISSIONS$/m);
  });
});
