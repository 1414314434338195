import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { badAirflow } from "./bad/airflow.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { problemsOf } from "./problems.ts";

const cluster = { kind: "minikube" };

const problemsWith = (airflow: object, secrets: object = {}) =>
  problemsOf({ cluster, airflow, secrets: { airflow: secrets } });

describe("an Airflow configuration that is wrong", () => {
  for (const { name, config, key, found, allowed, fix } of badAirflow) {
    it(`${name}: names ${key} and the fix`, () => {
      const problems = problemsWith(config.airflow as object, (config.secrets as { airflow: object }).airflow);
      const problem = problems.find((candidate) => candidate.key === key);
      assert.ok(problem, JSON.stringify(problems, null, 2));
      assert.ok(problem.found.includes(found), `found: ${problem.found}`);
      assert.ok(problem.allowed.includes(allowed), `allowed: ${problem.allowed}`);
      assert.ok(ofAnyStack(problem.fix).includes(fix), `fix: ${problem.fix}`);
      assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
    });
  }

  it("shows what is owned beside what is misspelt", () => {
    const problems = problemsWith({
      config: { core: { executor: "X", parallelism: [8] }, smtp: { smtp_password: "x" } },
      environment: { "a b": "x", AIRFLOW_HOME: "/" },
    });
    assert.deepEqual(problems.map(({ key }) => key).toSorted(), [
      "airflow.config.core.executor",
      "airflow.config.core.parallelism",
      "airflow.config.smtp.smtp_password",
      "airflow.environment.AIRFLOW_HOME",
      'airflow.environment["a b"]',
    ]);
  });
});

describe("an Airflow configuration that is right", () => {
  it("has settings as people write them", () => {
    const config = {
      core: { parallelism: 64, default_timezone: "Europe/Zurich", load_examples: false },
      smtp: { smtp_host: "mail.example.org", smtp_port: 587, smtp_password_cmd: "cat /run/password" },
      logging: { log_format: "%%(asctime)s" },
      secrets: { backend_kwargs: '{"connections_path": "airflow/connections", "auth_type": "kubernetes"}' },
    };
    assert.deepEqual(problemsWith({ config }), []);
  });

  it("has ids with dashes and dots, a port and options as a text, since encrypted values are texts", () => {
    const warehouse = {
      type: "postgres",
      host: "db.example.org",
      password: "x",
      port: "5432",
      extra: '{"sslmode": "require"}',
    };
    const { secrets } = validate({
      cluster,
      secrets: { airflow: { connections: { "ware-house.v2": warehouse, mail: "smtp://me:x@mail.example.org" } } },
    });
    assert.deepEqual(Object.keys(secrets.airflow.connections), ["AIRFLOW_CONN_WARE-HOUSE.V2", "AIRFLOW_CONN_MAIL"]);
  });
});
