import assert from "node:assert/strict";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing } from "../program/registrations.ts";
import { dagSources, deploy, firstRotation, gitCredentials } from "./cases.ts";
import { at } from "../../lib/json.ts";

const secretType = "kubernetes:core/v1:Secret";

function contents({ resources }: Recording, name: string): Record<string, unknown> {
  return fields(registration(resources, secretType, name).inputs.stringData);
}

function names({ resources }: Recording): string[] {
  return resources.flatMap(({ type, name }) => (type === secretType ? [name] : [])).sort();
}

describe("AirflowSecrets", () => {
  it("makes what KubernetesExecutor needs and no more", async () => {
    assert.deepEqual(names(await deploy()), [
      "airflow-admin",
      "airflow-keys",
      "airflow-log-storage",
      "airflow-metadata",
    ]);
  });

  for (const executor of ["CeleryExecutor", "CeleryExecutor,KubernetesExecutor"]) {
    it(`makes the broker's and the results' Secrets for ${executor}`, async () => {
      const recording = await deploy({ airflow: { executor }, logs: "volume" });
      assert.deepEqual(names(recording), [
        "airflow-admin",
        "airflow-broker-url",
        "airflow-keys",
        "airflow-metadata",
        "airflow-redis-password",
        "airflow-result-backend",
      ]);
      const { password } = contents(recording, "airflow-redis-password");
      const connection = `redis://:${String(password)}@airflow-redis:6379/0`;
      assert.deepEqual(contents(recording, "airflow-broker-url"), { connection });
      assert.match(String(contents(recording, "airflow-result-backend").connection), /^db\+postgresql:\/\//);
    });
  }

  it("draws keys as Airflow and the chart want them", async () => {
    const { resources } = await deploy();
    const length = (name: string) => registration(resources, "random:index/randomPassword:RandomPassword", name).inputs;
    assert.deepEqual(length("airflow-jwt"), { length: 128, special: false, keepers: { generation: "1" } });
    assert.deepEqual(length("airflow-api-secret-key"), { length: 32, special: false, keepers: { generation: "1" } });
    assert.deepEqual(length("airflow-admin"), { length: 32, special: false, keepers: { generation: "1" } });
    const key = registration(resources, "random:index/randomBytes:RandomBytes", "airflow-fernet-key-1");
    assert.deepEqual(key.inputs, { length: 32 });
  });

  it("writes Fernet keys in the alphabet of URLs", async () => {
    const key = String(contents(await deploy(), "airflow-keys")["fernet-key"]);
    assert.match(key, /^[\w-]{43}=$/);
    assert.equal(Buffer.from(key, "base64url").length, 32);
  });

  it("keeps Fernet keys of earlier generations readable, behind the new one, until they are retired", async () => {
    const [first] = String(contents(await deploy(), "airflow-keys")["fernet-key"]).split(",");
    const keys = async (rotation: object) => {
      const made = await deploy({ args: { rotation: { ...firstRotation, ...rotation } } });
      return String(contents(made, "airflow-keys")["fernet-key"]).split(",");
    };
    const second = await keys({ fernet: 2 });
    assert.equal(second.length, 2);
    assert.equal(second[1], first);
    assert.notEqual(second[0], first);
    const third = await keys({ fernet: 3 });
    assert.deepEqual(third.slice(1), second);
    assert.deepEqual(await keys({ fernet: 3, fernetRetired: 1 }), third.slice(0, 2));
    assert.deepEqual(await keys({ fernet: 3, fernetRetired: 2 }), third.slice(0, 1));
  });

  it("renews the admin's password and what sessions rest on apart from each other", async () => {
    const rotation = { ...firstRotation, admin: 2, sessions: 3 };
    const { resources } = await deploy({ airflow: { executor: "CeleryExecutor" }, args: { rotation } });
    const passwords = resources.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
    assert.deepEqual(Object.fromEntries(passwords.map(({ name, inputs }) => [name, inputs.keepers])), {
      "airflow-admin": { generation: "2" },
      "airflow-api-secret-key": { generation: "3" },
      "airflow-jwt": { generation: "3" },
      "airflow-redis": { generation: "3" },
    });
  });

  it("writes the database's password into its URLs, encoded", async () => {
    const { connection, "connection-async": async } = contents(await deploy(), "airflow-metadata");
    for (const url of [connection, async]) assert.match(String(url), /:\/\/airflow:database%2F%2B%3F%26end@postgres/);
  });

  it("keeps credentials of the object store, where it wants any", async () => {
    assert.deepEqual(contents(await deploy(), "airflow-log-storage"), {
      AWS_ACCESS_KEY_ID: "airflow",
      AWS_SECRET_ACCESS_KEY: "storage-secret",
    });
    assert.ok(!names(await deploy({ logs: "identity" })).includes("airflow-log-storage"));
  });

  it("gives the admin's password out as a secret", async () => {
    const recording = await deploy();
    assert.equal(contents(recording, "airflow-admin").password, recording.outputs.adminPassword);
    assert.ok(recording.secretOutputPaths.includes("adminPassword"));
    assert.equal(recording.outputs.adminUser, "admin");
  });

  it("marks every content secret and shows none elsewhere", async () => {
    const recording = await deploy({ airflow: { executor: "CeleryExecutor", dags: dagSources.gitSyncToken } });
    const secrets = recording.resources.filter(({ type }) => type === secretType);
    const values = secrets.flatMap((secret) =>
      Object.entries(fields(secret.inputs.stringData)).map(([key, value]) => {
        assert.ok(
          isSecret(secret, "stringData") || isSecret(secret, `stringData.${key}`) || value === "git",
          `${secret.name} ${key}`,
        );
        return String(value);
      }),
    );
    assert.ok(values.includes(gitCredentials.token));
    const shown = values.filter((value) => value.length > 8 && showing(recording.resources, value).length > 0);
    assert.deepEqual(shown, []);
  });

  it("registers Secrets in the platform's namespace under the names that the chart is given", async () => {
    const { resources } = await deploy();
    for (const { name, inputs } of resources.filter(({ type }) => type === secretType)) {
      assert.equal(at(inputs, "metadata.name"), name);
      assert.equal(at(inputs, "metadata.namespace"), "mlops");
    }
  });
});
