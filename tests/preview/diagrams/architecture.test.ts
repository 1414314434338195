import assert from "node:assert/strict";
import { inspect } from "node:util";
import { architectureOf } from "../../../preview/diagrams/architecture.ts";
import { architectureMermaid } from "../../../preview/diagrams/architecture-mermaid.ts";
import { connectionsOf } from "../../../preview/diagrams/connections.ts";
import { straightLine } from "../../../preview/diagrams/layout.ts";
import { networkTable } from "../../../components/network/network-table.ts";
import { validate } from "../../../config.ts";
import { type Rendering, render } from "../../../preview/render.ts";
import { folder } from "../../program/program-cases.ts";

describe("the picture of the architecture", () => {
  let minikube: Rendering;
  let gke: Rendering;
  before(async () => {
    minikube = await render({ folder, stack: "minikube", download: false });
    gke = await render({ folder, stack: "gke", download: false });
  });

  it("knows every row of the network table from the policies that the stack registers", () => {
    const config = { cluster: { kind: "minikube" }, projects: [{ name: "examples" }, { name: "pageviews" }] };
    const table = networkTable(validate(config), [], { cidr: undefined, port: 5432 });
    const read = connectionsOf(minikube.objects);
    const rows = (all: readonly object[]) => all.map((row) => inspect(row, { sorted: true, depth: null })).toSorted();
    assert.deepEqual(rows(read.flows), rows(table.flows));
    assert.deepEqual(rows(read.inbound), rows(table.inbound));
    // Each project's own addresses come from its configuration, on top of the table.
    const own = read.outbound.filter(({ from }) => from === "tasks");
    assert.deepEqual(rows(read.outbound.filter((row) => !own.includes(row))), rows(table.outbound));
    assert.deepEqual(own, [{ from: "tasks", to: { cidr: "0.0.0.0/0" }, ports: [443] }]);
  });

  it("has an arrow from each client to its store, and none for what Prometheus reads", () => {
    const { arrows, boxes } = architectureOf(minikube, []);
    assert.deepEqual(arrows.map(({ kind, from, to }) => `${from} ${kind} ${to}`).toSorted(), [
      "airflow connects kubernetes",
      "airflow connects minio",
      "airflow connects postgres",
      "airflow starts projects",
      "backup connects minio",
      "backup connects postgres",
      "grafana connects postgres",
      "grafana connects prometheus",
      "mlflow connects minio",
      "mlflow connects postgres",
      "projects connects minio",
      "projects connects mlflow",
      "projects connects postgres",
      "prometheus connects kubernetes",
    ]);
    const scraped = boxes.filter(({ marks }) => marks.includes("metrics")).map(({ name }) => name);
    assert.deepEqual(scraped.toSorted(), ["airflow", "grafana", "minio", "mlflow", "postgres", "prometheus"]);
    const interfaces = boxes.flatMap(({ name, marks }) =>
      marks.filter((mark) => mark.startsWith("web")).map((mark) => [name, mark]),
    );
    assert.equal(interfaces.length, 5);
  });

  it("names the service that takes a store's place in a cloud's stack", () => {
    const { boxes } = architectureOf(minikube, [gke]);
    const elsewhere = boxes.flatMap(({ name, elsewhere }) => elsewhere.map((where) => `${name}, ${where}`));
    assert.deepEqual(elsewhere.toSorted(), ["minio, gke: Cloud Storage", "postgres, gke: Cloud SQL"]);
  });

  it("is Mermaid with every box and every arrow", () => {
    const architecture = architectureOf(minikube, []);
    const text = architectureMermaid(architecture);
    assert.ok(text.startsWith("flowchart"));
    for (const { name, title } of architecture.boxes) assert.ok(text.includes(`${name}["<b>${title}`), name);
    assert.equal(text.match(/-->|\.->/g)?.length, architecture.arrows.length);
  });

  it("joins boxes that face each other, around what stands between them", () => {
    assert.deepEqual(
      straightLine("mlflow", "minio", ["mlflow", "minio"]).map(({ y }) => y),
      [382, 382],
    );
    const [direct] = straightLine("airflow", "projects", ["airflow", "projects"]);
    const [around] = straightLine("airflow", "projects", ["airflow", "projects", "mlflow", "backup"]);
    assert.deepEqual([direct.x, around.x], [360, 458]);
    assert.throws(() => straightLine("grafana", "backup", ["grafana", "backup", "minio"]), /move one of them/);
  });
});
