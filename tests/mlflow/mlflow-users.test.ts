import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createImages } from "../../components/images.ts";
import { MlflowUsers } from "../../components/mlflow/mlflow-users.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const name = "mlflow-provision";
const passwords = { admin: "secret-of-the-administrator", alpha: "secret-of-alpha" };

describe("MlflowUsers", () => {
  let recording: Recording;
  before(async () => {
    recording = await record(() => {
      new MlflowUsers(name, {
        namespace: "mlops",
        images: createImages("localhost/mlops", "0.1.0"),
        trackingUri: pulumi.output("http://mlflow.mlops.svc:5000"),
        adminPassword: pulumi.secret(passwords.admin),
        users: [{ username: "alpha", password: pulumi.secret(passwords.alpha) }],
        generation: 3,
        adminGeneration: 1,
      });
    });
  });
  const found = (type: string) => registration(recording.resources, type, name);

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      `kubernetes:batch/v1:Job ${name}`,
      `kubernetes:core/v1:ConfigMap ${name}`,
      `kubernetes:core/v1:Secret ${name}`,
      `mlops:mlflow-users:MlflowUsers ${name}`,
    ]);
  });

  it("names each account and the file of its password", () => {
    const { "spec.json": spec } = fields(found("kubernetes:core/v1:ConfigMap").inputs.data);
    assert.deepEqual(JSON.parse(String(spec)), {
      url: "http://mlflow.mlops.svc:5000",
      adminUsername: "admin",
      adminPasswordFile: "/etc/provision/passwords/admin",
      users: [{ name: "alpha", passwordFile: "/etc/provision/passwords/alpha" }],
    });
  });

  it("keeps the passwords in a Secret that the Job mounts", () => {
    const secret = found("kubernetes:core/v1:Secret");
    assert.deepEqual(secret.inputs.stringData, passwords);
    for (const [user, password] of Object.entries(passwords)) {
      assert.ok(isSecret(secret, `stringData.${user}`));
      assert.deepEqual(showing(recording.resources, password), []);
    }
    const pod = at(found("kubernetes:batch/v1:Job").inputs, "spec.template");
    assert.deepEqual(at(pod, "spec.containers.0.args"), ["mlflow", "--spec", "/etc/provision/spec/spec.json"]);
    assert.deepEqual(at(pod, "spec.volumes.1.secret.secretName"), name);
    assert.equal(fields(at(pod, "metadata.annotations"))["mlops/secrets-generation"], "3");
  });
});
