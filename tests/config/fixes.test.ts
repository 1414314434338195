import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError, type ConfigProblem } from "../../config/errors.ts";
import { ask, byHand, notesOn, ofStack, set, setFromFile } from "../../config/fixes.ts";
import { ofAnyStack } from "./bad/bad-case.ts";

/** The problems of a minikube stack, or the warnings if it is valid. */
function problemsOf(config: Record<string, unknown>): ConfigProblem[] {
  try {
    return validate({ cluster: { kind: "minikube" }, ...config }).warnings;
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
}

const fixesOf = (config: Record<string, unknown>) => problemsOf(config).map(({ fix }) => ofAnyStack(fix));
const isAlsoSet = (target: string, key: string) =>
  `edit Pulumi.yaml: ${target} is also set: keep one of the two, and remove ${key}`;

describe("a fix that gives a value another key", () => {
  const core = (options: object) => ({ airflow: { config: { core: options } } });

  it("moves it to a key that is free", () => {
    assert.deepEqual(fixesOf(core({ paralelism: 32 })), [
      "scripts/pulumi config set --path 'airflow.config.core.parallelism' 32 && scripts/pulumi config rm --path 'airflow.config.core.paralelism'",
    ]);
  });

  it("replaces no value that is there", () => {
    assert.deepEqual(fixesOf(core({ parallelism: 64, paralelism: 32 })), [
      isAlsoSet("airflow.config.core.parallelism", "airflow.config.core.paralelism"),
    ]);
    const proxy = { https: "http://proxy.acme.com:3128" };
    assert.deepEqual(fixesOf({ proxy, airflow: { environment: { HTTPS_PROXY: "http://other.acme.com:3128" } } }), [
      isAlsoSet("proxy.https", "airflow.environment.HTTPS_PROXY"),
    ]);
    const environment = { MY_VARIABLE: "a", "my-variable": "b" };
    assert.deepEqual(fixesOf({ airflow: { environment } }), [
      isAlsoSet("airflow.environment.MY_VARIABLE", "airflow.environment.my-variable"),
    ]);
    const gke = { kind: "gke", project: "acme-ml", region: "europe-west4" };
    const imageRegistry = "registry.acme.com/mlops";
    assert.deepEqual(fixesOf({ cluster: gke, imageRegistry, labels: { team: "a", Team: "b" } }), [
      isAlsoSet("labels.team", "labels.Team"),
    ]);
    const projects = [{ name: "forecast", config: { API_TOKEN: "abc" } }];
    assert.deepEqual(fixesOf({ projects, secrets: { projects: { forecast: { API_TOKEN: "def" } } } }), [
      isAlsoSet("secrets.projects.forecast.API_TOKEN", "projects[0].config.API_TOKEN"),
    ]);
  });

  it("makes no variable both plain and secret", () => {
    const [one, other] = ["AIRFLOW__CORE__PARALELISM", "AIRFLOW__CORE__PARALLELISM"];
    const secrets = { airflow: { environment: { [other]: "64" } } };
    assert.deepEqual(fixesOf({ airflow: { environment: { [one]: "32" } }, secrets }), [
      isAlsoSet(`secrets.airflow.environment.${other}`, `airflow.environment.${one}`),
    ]);
  });

  it("proposes no key that the platform sets", () => {
    const [problem, ...others] = problemsOf(core({ executer: "LocalExecutor" }));
    assert.deepEqual(others, []);
    assert.match(problem?.allowed ?? "", /; the platform sets airflow\.config\.core\.executor: use airflow\.executor$/);
    assert.match(problem?.fix ?? "", /config rm .*'airflow\.config\.core\.executer'$/);
    const [variable] = problemsOf({ airflow: { environment: { AIRFLOW__CORE__EXECUTER: "LocalExecutor" } } });
    assert.match(variable?.allowed ?? "", /use airflow\.executor$/);
  });

  it("proposes no section that needs other keys", () => {
    assert.deepEqual(fixesOf({ cluster: { kind: "minikube", region: "eu-central-1" } }), [
      "scripts/pulumi config rm --path 'cluster.region'",
    ]);
  });
});

describe("what to know of printed fixes", () => {
  const notes = (...fixes: string[]) => notesOn(fixes.map((fix) => ofStack(fix, "dev")));
  const asking = "A `config set` command that ends with its key asks for the value.";

  it("is that a command asks, and what to replace", () => {
    assert.deepEqual(notes(set("a.b", "two words"), byHand("write a")), []);
    assert.deepEqual(notes(`${ask("a")} && ${set("b", 2)}`, ask("c")), [asking]);
    assert.deepEqual(notes(setFromFile("caCertificates", "ca.pem")), [
      "Replace the name after `<` with that of your file.",
    ]);
    assert.deepEqual(notesOn(["scripts/pulumi refresh --stack <stack>, then make up"]), [
      "Replace each <…> with a value of your own.",
    ]);
  });
});

describe("a fix of a key below secrets", () => {
  it("never deletes an encrypted value, which may be the only copy", () => {
    const secrets = {
      alerts: { webhookUrl: "https://hooks.acme.com" },
      airflow: { connections: { git_dags: "git://x" } },
    };
    const fixes = fixesOf({ monitoring: { kind: "none" }, secrets });
    assert.equal(fixes.length, 2);
    for (const fix of fixes)
      assert.match(fix, /^edit Pulumi\.yaml: remove secrets\..*, if you have its value elsewhere/);
  });
});
