import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processEnvironment } from "../../components/airflow/environment.ts";
import { type JobOptions, jobValues } from "../../components/airflow/jobs.ts";

const environment = processEnvironment(false);
const valuesFor = (pools: JobOptions["site"]["pools"]) =>
  jobValues({
    namespace: "mlops",
    environment,
    adminEmail: "o'neil@example.org",
    adminGeneration: 2,
    site: { pools },
  });
const { migrateDatabaseJob, createUserJob } = valuesFor({});

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

  it("is a script that the chart's templates leave alone, with no password among its arguments", () => {
    const script = createUserJob.args.join("\n");
    assert.deepEqual(createUserJob.command, ["bash", "-c"]);
    assert.doesNotMatch(script, /(-p|--password)[ =]/, "an argument is seen by every process of the node");
    assert.doesNotMatch(script, /\{\{/, "the chart runs arguments through its templates");
  });

  describe("the script that makes the admin user", () => {
    const typed = ["typed secret secret"];

    it("starts Airflow once where the user is new", () => {
      assert.deepEqual(commands('User "admin" created with role "Admin"', "new"), ["users create", ...typed]);
    });

    it("sets the password of one that exists", () => {
      const expected = ["users create", ...typed, "users reset-password", ...typed];
      assert.deepEqual(commands("admin already exists in the db", "new"), expected);
    });

    it("lets the Fernet key of the last generation go, where there is one", () => {
      const expected = ["users create", ...typed, "rotate-fernet-key"];
      assert.deepEqual(commands('User "admin" created with role "Admin"', "new,old"), expected);
    });

    it("imports the site's pools behind the user, and says which others Airflow has", () => {
      const { createUserJob: job } = valuesFor({
        "it's": { slots: 3, description: 'a "test"', includeDeferred: true },
      });
      const { calls, log } = run(job, 'User "admin" created with role "Admin"', "new");
      assert.deepEqual(calls, [
        "users create",
        ...typed,
        'pools import {"it\'s":{"slots":3,"description":"a \\"test\\"","include_deferred":true}}',
        "pools export",
      ]);
      assert.match(log, /^the pool old is not in the stack's configuration; it is kept$/m);
      assert.doesNotMatch(log, /the pool (it's|default_pool)/);
    });

    it("fails with the first command that fails", () => {
      assert.throws(() => commands("", "new", 1), /Command failed/);
    });

    /** What it calls, with a stand-in for Airflow that writes its arguments and what is typed. */
    function commands(says: string, fernetKey: string, exitCode = 0): string[] {
      return run(createUserJob, says, fernetKey, exitCode).calls;
    }

    function run(
      { command: program, args: scripts, env }: typeof createUserJob,
      says: string,
      fernetKey: string,
      exitCode = 0,
    ) {
      const folder = mkdtempSync(join(tmpdir(), "create-user-"));
      try {
        const airflow = `#!/bin/sh
case "$1 $2" in
  users*) echo "$1 $2"; echo "typed $(tr '\\n' ' ')" ;;
  "pools import") echo "$1 $2 $(cat "$3")" ;;
  "pools export") echo "$1 $2"; echo '{"default_pool": {}, "it'"'"'s": {}, "old": {}}' > "$3" ;;
  *) echo "$1" ;;
esac >> ${folder}/calls
echo '${says}'
exit ${exitCode}
`;
        writeFileSync(join(folder, "airflow"), airflow, { mode: 0o755 });
        const environment = {
          ADMIN_PASSWORD: "secret",
          ADMIN_EMAIL: "a@example.org",
          AIRFLOW__CORE__FERNET_KEY: fernetKey,
        };
        const [command = "", ...args] = [...program, ...scripts];
        const plain = Object.fromEntries(
          env.map((variable) => [variable.name, "value" in variable ? variable.value : ""]),
        );
        const PATH = `${folder}:${process.env.PATH ?? ""}`;
        const log = execFileSync(command, args, { env: { ...plain, ...environment, PATH }, encoding: "utf8" });
        const lines = readFileSync(join(folder, "calls"), "utf8").split("\n");
        return { log, calls: lines.map((line) => line.trim()).filter((line) => line !== "") };
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });
});
