import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { messagesOf, problemsOf } from "./problems.ts";

const cluster = { kind: "existing", context: "team" };
const server = {
  kind: "external",
  host: "db.example.org",
  caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
};
const clients = ["airflow", "mlflow", "mlflow-auth", "grafana", "alpha"];
const given = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { name: `db_${name}`, user: `user_${name}` }]));
const passwords = (names: string[]) => Object.fromEntries(names.map((name) => [name, `password-of-${name}`]));
const projects = [{ name: "alpha" }, { name: "small", database: false }, { name: "old", removed: true }];

/** A stack whose databases a DBA made, with some of it replaced. */
function stack(postgres: object = {}, secrets: object = { logins: passwords(clients) }, change: object = {}) {
  const databases = given(clients);
  return {
    cluster,
    projects,
    postgres: { ...server, databases, ...postgres },
    secrets: { postgres: secrets },
    ...change,
  };
}

describe("the authorities of a Postgres of the site", () => {
  it("may be several, as while the next one replaces the current one", () => {
    const both = `${server.caCertificate}\n${server.caCertificate.replace("MIIB", "MIIC")}\n`;
    const { postgres } = validate(stack({ caCertificate: both }));
    assert.equal(postgres.kind === "external" && postgres.caCertificate, both);
  });
});

describe("databases and logins that a DBA made", () => {
  it("need no administrator", () => {
    assert.deepEqual(problemsOf(stack()), []);
    const { login } = validate(stack()).secrets;
    assert.match(login("airflow").fingerprint, /^[0-9a-f]{4}$/);
    assert.notEqual(login("airflow").fingerprint, login("mlflow").fingerprint);
  });

  it("are told all that is missing, each with the commands that set it", () => {
    const problems = problemsOf(
      stack({ databases: given(["airflow", "grafana", "mlflow"]) }, { logins: passwords(["grafana", "mlflow"]) }),
    );
    const set = "scripts/pulumi config set";
    assert.deepEqual(
      problems.map(({ key, found, allowed, fix }) => [key, found, allowed, ofAnyStack(fix)]),
      [
        [
          "postgres.databases.mlflow-auth",
          "nothing",
          "the name and the user of mlflow-auth's database",
          `${set} --path 'postgres.databases.mlflow-auth.name' && ${set} --path 'postgres.databases.mlflow-auth.user'`,
        ],
        [
          "postgres.databases.alpha",
          "nothing",
          "the name and the user of alpha's database; for a project without a database, set projects[0].database to false",
          `${set} --path 'postgres.databases.alpha.name' && ${set} --path 'postgres.databases.alpha.user'`,
        ],
        [
          "secrets.postgres.logins.airflow",
          "nothing",
          "the password of user_airflow, the user of postgres.databases.airflow",
          `${set} --secret --path 'secrets.postgres.logins.airflow'`,
        ],
        ...["mlflow-auth", "alpha"].map((client) => [
          `secrets.postgres.logins.${client}`,
          "nothing",
          `the password of the user of postgres.databases.${client}`,
          `${set} --secret --path 'secrets.postgres.logins.${client}'`,
        ]),
      ],
    );
  });

  it("have a login for the metrics if the DBA gives one", () => {
    const databases = { ...given(clients), exporter: { name: "postgres", user: "metrics" } };
    assert.deepEqual(messagesOf(stack({ databases })), [
      "secrets.postgres.logins.exporter: found nothing; allowed: the password of metrics, the user of postgres.databases.exporter",
    ]);
    assert.deepEqual(problemsOf(stack({ databases }, { logins: passwords([...clients, "exporter"]) })), []);
  });

  const madeByDba = "since postgres.databases names what a DBA makes (docs/site.md)";
  const logins = passwords(clients);
  const refused: [what: string, config: Record<string, unknown>, message: string][] = [
    [
      "an administrator's password",
      stack({}, { logins, adminPassword: "hunter2" }),
      `secrets.postgres.adminPassword: found [secret]; allowed: no value, ${madeByDba}`,
    ],
    [
      "an administrator",
      stack({ adminUser: "root" }),
      `postgres.adminUser: found "root"; allowed: no value, ${madeByDba}`,
    ],
    ["a prefix", stack({ prefix: "ml_" }), `postgres.prefix: found "ml_"; allowed: no value, ${madeByDba}`],
    [
      "extensions",
      stack({ extensions: ["pg_trgm"] }),
      `postgres.extensions: found ["pg_trgm"]; allowed: no value, ${madeByDba}; the DBA creates the extensions`,
    ],
    [
      "a client that the platform does not have",
      stack({ databases: given([...clients, "beta"]) }),
      "postgres.databases.beta: found a client that has no database; allowed: airflow, mlflow, mlflow-auth, grafana, alpha, exporter, old",
    ],
    [
      "a database of a project that wants none",
      stack({ databases: given([...clients, "small"]) }),
      "postgres.databases.small: found a client that has no database; allowed: no value, since projects[1].database is false",
    ],
    [
      "a password of a client that the platform does not have",
      stack({}, { logins: { ...logins, beta: "x" } }),
      "secrets.postgres.logins.beta: found a client that has no database; allowed: airflow, mlflow, mlflow-auth, grafana, alpha, exporter, old",
    ],
    [
      "one database for two clients",
      stack({ databases: { ...given(clients), mlflow: { name: "db_airflow", user: "user_mlflow" } } }),
      'postgres.databases.mlflow.name: found "db_airflow"; allowed: a database of its own: airflow uses this one, and both have tables of the same name',
    ],
    [
      "a name that a file of services cannot hold",
      stack({ databases: { ...given(clients), alpha: { name: "a]b", user: "user_alpha" } } }),
      'postgres.databases.alpha.name: found "a]b"; allowed: at most 63 letters, digits, _, $, ., @ and -',
    ],
    [
      "a password that a file of services would cut",
      stack({}, { logins: { ...logins, alpha: "secret " } }),
      "secrets.postgres.logins.alpha: found [secret]; allowed: a password without line breaks and without spaces at its ends",
    ],
    [
      "a password that Grafana would cut",
      stack({}, { logins: { ...logins, grafana: "it's secret" } }),
      "secrets.postgres.logins.grafana: found a password with a space, ', \\, $ or %; allowed: a password without them, since Grafana passes it on to Postgres without quotes",
    ],
    [
      "passwords without the databases",
      { cluster, secrets: { postgres: { logins } } },
      "secrets.postgres.logins: found passwords of logins; allowed: no value without postgres.databases",
    ],
    [
      "IAM logins",
      stack({ iam: true }),
      "postgres.iam: found true; allowed: logins with passwords in secrets.postgres.logins: IAM logins are not supported (docs/decisions/0014-iam-logins.md)",
    ],
  ];
  for (const [what, config, message] of refused)
    it(`refuse ${what} with one problem`, () => {
      assert.deepEqual(messagesOf(config), [message]);
    });

  it("are given the client's name if it is misspelt, and never removed", () => {
    const others = clients.filter((name) => name !== "mlflow-auth");
    const fixesOf = (databases: string[], logins: string[]) =>
      problemsOf(stack({ databases: given(databases) }, { logins: passwords(logins) })).map(({ fix }) =>
        ofAnyStack(fix),
      );
    const edit = "edit Pulumi.yaml:";
    assert.deepEqual(fixesOf(clients, [...others, "mlflow_auth"]), [
      `${edit} rename secrets.postgres.logins.mlflow_auth to secrets.postgres.logins.mlflow-auth`,
    ]);
    assert.deepEqual(fixesOf([...others, "mlflow_auth"], clients), [
      `${edit} rename postgres.databases.mlflow_auth to postgres.databases.mlflow-auth`,
    ]);
    assert.deepEqual(fixesOf(clients, [...clients, "mlflow_auth"]), [
      `${edit} secrets.postgres.logins.mlflow-auth is also set: keep one of the two, and remove secrets.postgres.logins.mlflow_auth`,
    ]);
    assert.deepEqual(fixesOf(clients, [...clients, "small"]), [
      `${edit} remove secrets.postgres.logins.small, if you have its value elsewhere or no longer need it`,
    ]);
  });

  it("need none for Grafana where the site has its own, and keep it", () => {
    const monitoring = { kind: "none" };
    const others = clients.filter((name) => name !== "grafana");
    const without = stack({ databases: given(others) }, { logins: passwords(others) }, { monitoring });
    assert.deepEqual(problemsOf(without), []);
    assert.deepEqual(problemsOf(stack({}, { logins }, { monitoring })), []);
  });

  it("keep what belongs to a removed project", () => {
    const all = [...clients, "old"];
    assert.deepEqual(problemsOf(stack({ databases: given(all) }, { logins: passwords(all) })), []);
  });
});

describe("an external Postgres without databases", () => {
  it("needs the administrator, or the DBA's databases", () => {
    assert.deepEqual(messagesOf({ cluster, postgres: server }), [
      "secrets.postgres.adminPassword: found nothing; allowed: a value, since postgres.kind is external; or postgres.databases, if a DBA makes databases and logins (docs/site.md)",
    ]);
  });
});
