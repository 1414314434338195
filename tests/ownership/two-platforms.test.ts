import assert from "node:assert/strict";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import { at, listAt } from "../../lib/json.ts";
import type { Rendering } from "../../preview/render.ts";
import { renderCase } from "../program/program-cases.ts";
import { checks } from "../program/program-checks.ts";
import { allObjects } from "../program/program-objects.ts";

/** What a second platform on a cluster sets, as docs/operations.md says. */
const second = { namespace: "mlops-staging", projectNamespacePrefix: "staging-" };
const otherPorts = { airflow: 30180, mlflow: 30150, minio: 30190, grafana: 30130, prometheus: 30191 };

const projects = ["examples", "pageviews", "verify"];

/** Every way to make objects that are in no namespace, or ports of a node. */
const kinds: Record<string, { both: Record<string, unknown>; second: Record<string, unknown> }> = {
  "a minikube with folders of the node": {
    both: {
      cluster: { kind: "minikube", dataFolder: "/data" },
      airflow: { executor: "CeleryExecutor", dags: { kind: "hostPath", path: "/dags" } },
    },
    second: { exposure: { kind: "nodePort", ports: otherPorts } },
  },
  "a cluster that is there": {
    both: { cluster: { kind: "existing", context: "team" }, exposure: { kind: "portForward" } },
    second: {},
  },
};

for (const [title, { both, second: apart }] of Object.entries(kinds)) {
  describe(`two platforms with the same projects on ${title}`, () => {
    let first: Rendering;
    let other: Rendering;
    before(async () => {
      first = await renderCase({ title, stack: "minikube", config: both });
      other = await renderCase({ title, stack: "minikube", config: { ...both, ...second, ...apart } });
    });

    it("have no object in common by kind, namespace and name", () => {
      const names = new Set(allObjects(first).map(nameOf));
      assert.ok(names.size > 80, `${names.size} objects`);
      assert.deepEqual(
        allObjects(other)
          .map(nameOf)
          .filter((name) => names.has(name)),
        [],
      );
    });

    it("have no port of a node in common", () => {
      const taken = nodePorts(first);
      assert.deepEqual(
        nodePorts(other).filter((port) => taken.includes(port)),
        [],
      );
    });

    it("write into no folder of the node together", () => {
      const taken = writtenFolders(first);
      assert.equal(taken.length, writtenFolders(other).length);
      assert.deepEqual(
        writtenFolders(other).filter((folder) => taken.includes(folder)),
        [],
      );
    });

    it("are in namespaces of their own", () => {
      assert.deepEqual(checks["every object is in a namespace that the stack makes"]?.(other), []);
      assert.deepEqual(namespacesOf(other), ["mlops-staging", ...projects.map((name) => `staging-${name}`)]);
    });

    it("name their own projects' namespaces to DAGs, in NetworkPolicies and to Prometheus", () => {
      const own = projects.map((name) => `staging-${name}`);
      const platform: unknown = JSON.parse(textOf(other, "ConfigMap/airflow-platform", "data", "platform.json"));
      assert.deepEqual(
        projects.map((name) => at(platform, `projects.${name}.namespace`)),
        own,
      );
      const selected = allObjects(other)
        .filter(({ kind }) => kind === "NetworkPolicy")
        .flatMap(({ spec }) => JSON.stringify(spec).match(/"operator":"In","values":\[[^\]]*\]/g) ?? []);
      assert.deepEqual([...new Set(selected)], [`"operator":"In","values":${JSON.stringify(own)}`]);
      const watched = textOf(
        other,
        "Deployment/kube-state-metrics",
        "spec",
        "template",
        "spec",
        "containers",
        "0",
        "args",
        "0",
      );
      assert.equal(watched, `--namespaces=mlops-staging,${own.join(",")}`);
      const scraped = textOf(other, "ConfigMap/prometheus-config", "data", "prometheus.yml");
      assert.ok(scraped.includes(own.join("|")), scraped);
    });
  });
}

/** A text in the platform's object of that kind and name. */
function textOf(rendering: Rendering, name: string, ...keys: string[]): string {
  const object: unknown = allObjects(rendering).find((one) => nameOf(one) === `mlops-staging/${name}`);
  const value = keys.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    object,
  );
  assert.ok(typeof value === "string", `${name} has no ${keys.join(".")}`);
  return value;
}

function nodePorts(rendering: Rendering): unknown[] {
  return allObjects(rendering)
    .flatMap((object) => listAt(object, "spec.ports"))
    .map((port) => at(port, "nodePort"))
    .filter((port) => port !== undefined);
}

function writtenFolders(rendering: Rendering): unknown[] {
  const isWritten = (object: KubernetesObject) => listAt(object, "spec.accessModes").includes("ReadWriteMany");
  return allObjects(rendering)
    .filter((object) => object.kind === "PersistentVolume" && isWritten(object))
    .map((object) => at(object, "spec.hostPath.path"));
}

function namespacesOf(rendering: Rendering): string[] {
  return allObjects(rendering)
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => metadata.name)
    .sort();
}
