// The descriptions name every Secret and port, and docs/security.md every service account, that the program makes, and no other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { podGroupNames, podGroups, secrets } from "../../components/parts.ts";
import { networkTable } from "../../components/network/network-table.ts";
import { validate } from "../../config.ts";
import { isObject, listAt, textAt } from "../../lib/json.ts";
import { portName, secretsMarkdown } from "../../preview/diagrams/secrets-reference.ts";
import type { Rendering } from "../../preview/render.ts";
import { allObjects, containersOf, podMakers } from "../program/program-objects.ts";
import { exampleCases } from "../program/example-stacks.ts";
import { casesOf, renderCase } from "../program/program-cases.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/security.md"), "utf8");

/** Cases that between them have everything that any case has. */
const titles = [
  "as checked in",
  "git-sync with a token",
  "git bundle with an SSH key",
  "CeleryExecutor, DAGs by image",
  "a site's Airflow",
  "a company's site",
  "a Prometheus of the site",
];

/** Names in the first column of a section's table. */
function named(section: string): string[] {
  const [, text = ""] = page.split(new RegExp(`^## ${section}$`, "m"));
  const [table = ""] = text.split(/^## /m);
  const cells = table.split("\n").map((line) => /^\| (`[^|]+)\|/.exec(line)?.[1] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)).toSorted();
}

function namesOf(renderings: Rendering[], kind: string): string[] {
  const own = renderings.flatMap((rendering) => allObjects(rendering).filter((object) => object.kind === kind));
  // A project's namespace, account and Secret have one name.
  const names = own.map(({ metadata: { name, namespace } }) => (name === namespace ? "<project>" : name));
  return [...new Set(names)].toSorted();
}

/** Ports of the program's own pods and of what the network table lets somebody reach, such as `minio:9000`. */
function portsOf(renderings: Rendering[]): string[] {
  const own = renderings.flatMap(podMakers).flatMap((object) => {
    const { labels } = object.metadata;
    // The chart's parts share one name.
    const own = textAt(labels, "component");
    const isOfChart = textAt(labels, "release") !== undefined && own !== undefined;
    const name = isOfChart ? `airflow-${own}` : isObject(labels) ? String(labels["app.kubernetes.io/name"]) : "";
    return containersOf(object).flatMap(({ container }) =>
      listAt(container, "ports")
        .filter(isObject)
        .map(({ containerPort, protocol }) => `${name}:${String(containerPort)}${protocol === "UDP" ? "/UDP" : ""}`),
    );
  });
  const config = { cluster: { kind: "minikube" }, airflow: { executor: "CeleryExecutor,KubernetesExecutor" } };
  const { flows } = networkTable(validate(config), [], { cidr: undefined, port: 5432 });
  const reached = flows.flatMap(({ to, ports, protocol }) =>
    ports.map((port) => `${to}:${port}${protocol === undefined ? "" : `/${protocol}`}`),
  );
  return [...new Set([...own, ...reached])].toSorted();
}

describe("docs/secrets.md", () => {
  it("is made from the parts' descriptions", () => {
    const written = readFileSync(join(import.meta.dirname, "../../docs/secrets.md"), "utf8");
    assert.equal(written, secretsMarkdown(), "run node_modules/.bin/node preview/diagrams/secrets-reference.ts");
  });
});

describe("docs/security.md", function () {
  this.timeout(60_000);
  let renderings: Rendering[];

  before(async () => {
    const cases = casesOf("minikube").filter(({ title }) => titles.some((start) => title.startsWith(start)));
    assert.equal(cases.length, titles.length);
    renderings = [];
    // A DBA's logins are the corporate example's.
    const corporate = exampleCases().filter(({ stack }) => stack === "corporate");
    for (const each of [...cases, ...corporate]) renderings.push(await renderCase(each));
  });

  it("has every Secret in the parts' descriptions, and no other", () => {
    const described = secrets.flatMap(({ names }) => names);
    assert.deepEqual(described.toSorted(), namesOf(renderings, "Secret"));
  });

  it("says of every port whether it asks for a login", () => {
    const described = podGroupNames.flatMap((group) =>
      Object.keys(podGroups[group].withoutLogin ?? {}).map((port) => portName(group, port)),
    );
    assert.deepEqual(described.toSorted(), portsOf(renderings));
  });

  it("names every service account", () => assert.deepEqual(named("Identities"), namesOf(renderings, "ServiceAccount")));
});
