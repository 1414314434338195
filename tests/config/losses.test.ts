import assert from "node:assert/strict";
import program from "../../index.ts";
import { validate } from "../../config.ts";
import { dataNameOf } from "../../config/data-holders.ts";
import { dataOutput, type DataLocations, readDataLocations, volumesOf } from "../../config/data-output.ts";
import { ConfigError } from "../../config/errors.ts";
import { lossProblems } from "../../config/losses.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { renderCase } from "../program/program-cases.ts";

const cluster = { kind: "existing", context: "team", storageClass: "fast" };
const projects = [{ name: "news" }, { name: "pageviews" }];

const deployed: DataLocations = {
  namespace: "mlops",
  projects: projects.map(({ name }) => ({ name, namespace: name })),
  volumes: ["minio-data", "postgres-data", "prometheus-data"].map((name) => ({ name, storageClass: "fast" })),
};

/** The deployed stack with the volume of Airflow's logs. */
const withLogs = (storageClass: string): DataLocations => ({
  ...deployed,
  volumes: [...deployed.volumes, { name: "airflow-logs", storageClass }],
});

/** The problems of a change of the deployed stack, a line each. */
function problems(change: Record<string, unknown>, state = deployed): string[] {
  const config = validate({ cluster, projects, ...change });
  return lossProblems(config, state).map(({ key, found, allowed, fix }) => `${key}: ${found}; ${allowed}; ${fix}`);
}

describe("what a configuration would delete", () => {
  it("is nothing before the first update, without a change, and of a stack for development", () => {
    assert.deepEqual(lossProblems(validate({ cluster, namespace: "ml", projects: [] }), undefined), []);
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ namespace: "ml", projects: [], labels: { environment: "development" } }), []);
  });

  it("is every volume whose class changes, in one sentence that names the move", () => {
    assert.deepEqual(problems({ cluster: { ...cluster, storageClass: "faster" } }), [
      'cluster.storageClass: "faster"; fast, the class of minio-data, postgres-data, prometheus-data: another class replaces ' +
        'them with empty volumes. To keep their data, see docs/operations.md, "Move a volume to another storage class"; ' +
        "to lose it, add minio-data, postgres-data, prometheus-data to allowDataLoss; " +
        "scripts/pulumi config set --stack <stack> --path 'cluster.storageClass' fast",
    ]);
    const some = problems({ cluster: { ...cluster, storageClass: "faster" }, allowDataLoss: ["minio-data"] });
    assert.match(some.join("\n"), /^cluster\.storageClass: .* the class of postgres-data, prometheus-data: /);
    const allowDataLoss = ["minio-data", "postgres-data", "prometheus-data"];
    assert.deepEqual(problems({ cluster: { ...cluster, storageClass: "faster" }, allowDataLoss }), []);
  });

  it("is the class of the logs by their own key", () => {
    const airflow = { logs: { kind: "volume", storageClass: "shared" } };
    const state = withLogs("other");
    assert.match(
      problems({ airflow }, state).join("\n"),
      /^airflow\.logs\.storageClass: "shared"; other, .*airflow-logs/,
    );
  });

  it("is the old namespace with its volumes", () => {
    assert.deepEqual(problems({ namespace: "ml" }), [
      'namespace: "ml"; mlops, the platform\'s current namespace: another one deletes it with everything in it, including ' +
        "the volumes minio-data, postgres-data, prometheus-data; to allow that, first run an update with namespace, " +
        "minio-data, postgres-data, prometheus-data in allowDataLoss; scripts/pulumi config set --stack <stack> --path 'namespace' mlops",
    ]);
  });

  it("is a volume that a key takes away", () => {
    const state = withLogs("fast");
    assert.deepEqual(
      problems({}, state).map((problem) => problem.split(";")[0]),
      ['airflow.logs.kind: "objectStorage"'],
    );
    assert.deepEqual(problems({ allowDataLoss: ["airflow-logs"] }, state), []);
  });

  it("is the volume of a Prometheus that makes way for the site's", () => {
    const monitoring = { kind: "operator" };
    assert.deepEqual(
      problems({ monitoring }).map((problem) => problem.split(":").slice(0, 2).join(":")),
      ['monitoring.kind: "operator"; bundled'],
    );
    assert.deepEqual(problems({ monitoring, allowDataLoss: ["prometheus-data"] }), []);
  });

  it("is the platform, where its layer is left out", () => {
    const gke = { kind: "gke", project: "acme-ml-prod", region: "europe-west4" };
    const change = { cluster: gke, layers: ["cluster"], imageRegistry: "registry.example.org/mlops" };
    assert.match(
      problems(change).join("\n"),
      /^layers: \["cluster"\]; a list with platform: .*; scripts\/pulumi config rm --stack <stack> --path 'layers'$/,
    );
  });

  it("is a project that is no longer listed, unless it is listed as removed", () => {
    assert.deepEqual(problems({ projects: [{ name: "news" }] }), [
      "projects: no pageviews; pageviews with removed: true. This deletes the namespace pageviews with its pods, ConfigMap " +
        "and Secret, but keeps the database pageviews, the data below projects/pageviews/ and the experiments in MLflow; " +
        "scripts/pulumi config set --stack <stack> --path 'projects[1].name' pageviews && scripts/pulumi config set --stack <stack> --path 'projects[1].removed' true",
    ]);
    assert.deepEqual(problems({ projects: [{ name: "news" }, { name: "pageviews", removed: true }] }), []);
    assert.deepEqual(problems({ projects: [{ name: "news" }], allowDataLoss: ["project-namespaces"] }), []);
  });

  it("is a renamed project by both names", () => {
    const [problem = "", ...others] = problems({ projects: [{ name: "news" }, { name: "views" }] });
    assert.match(
      problem,
      /^projects: views in place of pageviews; pageviews with removed: true, and views as a new project/,
    );
    assert.deepEqual(others, []);
  });

  it("is the projects' namespaces, behind another prefix", () => {
    assert.match(
      problems({ projectNamespacePrefix: "b-" }).join("\n"),
      /^projectNamespacePrefix: "b-"; "", the prefix of .* those of news, pageviews .*add project-namespaces to allowDataLoss; /,
    );
    const behind = { ...deployed, projects: [{ name: "news", namespace: "b-news" }, ...deployed.projects.slice(1)] };
    assert.match(problems({ projects }, behind).join("\n"), /^projectNamespacePrefix: ""; "b-", the prefix of/);
  });

  it("is said all at once", () => {
    const change = { namespace: "ml", projects: [], cluster: { ...cluster, storageClass: "faster" } };
    assert.equal(problems(change).length, 4);
  });
});

describe("the volumes that a configuration has", function () {
  this.timeout(60_000);
  const changes: Record<string, unknown>[] = [
    {},
    { airflow: { logs: { kind: "volume", storageClass: "shared" } } },
    {
      postgres: {
        kind: "external",
        host: "db.example.org",
        caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      },
    },
  ];
  for (const change of changes) {
    it(`are those of the program: ${JSON.stringify(change).slice(0, 50)}`, async () => {
      const secrets = { postgres: { adminPassword: "x" } };
      const config = "postgres" in change ? { ...change, secrets } : change;
      const { resources } = await renderCase({ title: "", stack: "minikube", config });
      const claims = resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaim"));
      const made = claims.flatMap((one) => dataNameOf(one) ?? []);
      const validated = validate({ cluster: { kind: "minikube" }, ...config });
      const expected = volumesOf(validated);
      assert.deepEqual(made.toSorted(), expected.toSorted());
    });
  }
});

describe("the program", function () {
  this.timeout(60_000);
  const config = { cluster: JSON.stringify({ kind: "minikube" }), projects: JSON.stringify([{ name: "views" }]) };
  const deployed = (project: string) => {
    const projects = [{ name: project, namespace: project }];
    return { [dataOutput]: { namespace: "mlops", projects, volumes: [{ name: "minio-data", storageClass: "" }] } };
  };

  it("asks the state of its own stack, and registers nothing that would delete data", async () => {
    await assert.rejects(record(program, { config, deployed: deployed("pageviews") }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /1 problem:\n {2}projects: found views in place of pageviews; allowed: /);
      return true;
    });
  });

  it("runs where nothing would be deleted", async () => {
    const { resources, outputs } = await record(program, { config, deployed: deployed("views") });
    assert.ok(resources.length > 100);
    // What it puts out is what its next update reads.
    const state = readDataLocations(outputs[dataOutput]);
    assert.ok(state !== undefined);
    assert.deepEqual(
      [state.namespace, ...[...state.projects, ...state.volumes].map(({ name }) => name)],
      ["mlops", "views", "minio-data", "postgres-data", "prometheus-data"],
    );
    assert.equal(lossProblems(validate({ cluster: { kind: "minikube" }, namespace: "ml" }), state).length, 2);
  });
});
