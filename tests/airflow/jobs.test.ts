import assert from "node:assert/strict";
import { processEnvironment } from "../../components/airflow/environment.ts";
import { jobValues } from "../../components/airflow/jobs.ts";

const environment = processEnvironment(false);
const { migrateDatabaseJob, createUserJob } = jobValues({
  namespace: "mlops",
  environment,
  adminEmail: "o'neil@example.org",
  adminGeneration: 2,
});

describe("jobValues", () => {
  for (const [name, job] of Object.entries({ migrateDatabaseJob, createUserJob })) {
    it(`keeps ${name} an ordinary Job that stays`, () => {
      assert.equal(job.useHelmHooks, false);
      assert.equal(job.ttlSecondsAfterFinished, null);
    });
  }

  it("makes the admin user when the API server, which writes the same permissions, has started", () => {
    assert.deepEqual(createUserJob.jobAnnotations, {
      "pulumi.com/replaceUnready": "true",
      "config.kubernetes.io/depends-on": "apps/namespaces/mlops/Deployment/airflow-api-server",
    });
    assert.deepEqual(migrateDatabaseJob.jobAnnotations, { "pulumi.com/replaceUnready": "true" });
  });

  it("hands the admin's data over in the environment, the password by the name of its Secret", () => {
    assert.deepEqual(createUserJob.env, [
      ...environment,
      { name: "ADMIN_EMAIL", value: "o'neil@example.org" },
      { name: "ADMIN_PASSWORD", valueFrom: { secretKeyRef: { name: "airflow-admin", key: "password" } } },
      { name: "ADMIN_PASSWORD_GENERATION", value: "2" },
    ]);
    assert.deepEqual(migrateDatabaseJob.env, environment);
  });

  it("types the password in and sets it again where the user exists", () => {
    const script = createUserJob.args.join("\n");
    assert.deepEqual(createUserJob.command, ["bash", "-c"]);
    assert.match(script, /type_password \| airflow users create /);
    assert.match(script, /type_password \| airflow users reset-password --username admin\n/);
    assert.doesNotMatch(script, /(-p|--password)[ =]/, "an argument is seen by every process of the node");
    assert.doesNotMatch(script, /\{\{/, "the chart runs arguments through its templates");
  });

  it("lets the Fernet key of the last generation go", () => {
    assert.match(createUserJob.args.join("\n"), /^airflow rotate-fernet-key$/m);
  });
});
