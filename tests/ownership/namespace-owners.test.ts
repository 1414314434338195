import assert from "node:assert/strict";
import { admission, namespacesOf } from "../../components/ownership/admission.ts";
import {
  type ClusterNamespace,
  isMadeByPlatform,
  ownerProblems,
  parseNamespaces,
  siteProblems,
  withoutLabels,
} from "../../components/ownership/namespace-owners.ts";
import { validate } from "../../config.ts";

const id = "0123456789abcdef";
const other = "fedcba9876543210";
const ofProgram = { "app.kubernetes.io/part-of": "mlops", "app.kubernetes.io/managed-by": "pulumi" };
const config = validate({
  cluster: { kind: "minikube" },
  namespace: "ml",
  projectNamespacePrefix: "dev-",
  projects: [{ name: "a" }, { name: "b" }],
});

function problems(...there: ClusterNamespace[]): string[] {
  const wanted = { namespace: "ml", projects: ["dev-a", "dev-b"] };
  return ownerProblems(there, { wanted, id, isOwn: isMadeByPlatform, kubectl: "kubectl --context team" });
}

function namespace(name: string, labels: Record<string, string>): ClusterNamespace {
  return { name, labels, annotations: {} };
}

describe("the owner of a namespace", () => {
  it("is the platform that has signed it; its own it may have, whatever else is on it", () => {
    assert.deepEqual(problems(namespace("ml", { "mlops/platform": id }), namespace("dev-a", ofProgram)), []);
    assert.deepEqual(problems(), []);
  });

  it("is named where it is another, once for all that it has, with the keys that the names come from", () => {
    const theirs = { "mlops/platform": other };
    const annotations = { "mlops/stack": "organization/mlops/prod" };
    assert.deepEqual(
      problems({ name: "dev-b", labels: theirs, annotations }, { name: "dev-a", labels: theirs, annotations }),
      [
        `The namespaces dev-a and dev-b belong to another platform, ${other} of the stack organization/mlops/prod: give this ` +
          `stack other names with projectNamespacePrefix, or set platformId to ${other} if it is that platform and its state was lost.`,
      ],
    );
    assert.match(
      problems(namespace("ml", theirs))[0] ?? "",
      /^The namespace ml belongs to another platform, fedc.*with namespace, or/,
    );
  });

  it("is nobody where it is unsigned and not the program's; the command to hand it over is whole", () => {
    const [sentence = "", ...more] = problems(namespace("ml", { team: "data" }), namespace("dev-a", {}));
    assert.deepEqual(more, []);
    assert.match(
      sentence,
      /^The namespaces dev-a and ml exist, and no platform has signed them: .*namespace and projectNamespacePrefix/,
    );
    assert.match(sentence, / kubectl --context team label namespace ml dev-a mlops\/platform=0123456789abcdef$/);
  });

  it("are several, a sentence each", () => {
    assert.equal(problems(namespace("ml", { "mlops/platform": other }), namespace("dev-a", {})).length, 2);
  });
});

describe("a namespace of the site", () => {
  const labels = { "mlops/platform": id, "pod-security.kubernetes.io/enforce": "restricted" };
  const problemsOf = (...there: ClusterNamespace[]) => {
    const wanted = { namespace: "ml", projects: ["dev-a", "dev-b"] };
    return siteProblems(there, { wanted, id, isOwn: isMadeByPlatform, kubectl: "kubectl --context team", labels });
  };
  const signed = (name: string) => namespace(name, { "mlops/platform": id });

  it("may be had with this platform's sign", () => {
    assert.deepEqual(problemsOf(signed("ml"), signed("dev-a"), signed("dev-b")), []);
  });

  it("has to be there and signed; the commands are whole", () => {
    const pairs = `mlops/platform=${id} pod-security.kubernetes.io/enforce=restricted --overwrite`;
    assert.deepEqual(problemsOf(namespace("ml", ofProgram)), [
      "The namespaces dev-a and dev-b do not exist, and createNamespaces is false: to create them, run: " +
        "kubectl --context team create namespace dev-a && kubectl --context team create namespace dev-b && " +
        `kubectl --context team label namespace dev-a dev-b ${pairs}`,
      "The namespace ml has no label mlops/platform, and createNamespaces is false: to label it, run: " +
        `kubectl --context team label namespace ml ${pairs}`,
    ]);
  });

  it("is refused where another platform has signed it", () => {
    const [problem = "", ...more] = problemsOf(
      signed("ml"),
      signed("dev-a"),
      namespace("dev-b", { "mlops/platform": other }),
    );
    assert.match(
      problem,
      /^The namespace dev-b belongs to another platform, fedcba9876543210: give this stack other names/,
    );
    assert.deepEqual(more, []);
  });

  it("lacks what keeps pods restricted", () => {
    const all = [namespace("ml", labels), signed("dev-a")];
    assert.deepEqual(
      withoutLabels(all, labels).map(({ name }) => name),
      ["dev-a"],
    );
  });
});

describe("what kubectl prints of namespaces", () => {
  const item = { metadata: { name: "ml", labels: { team: "data" } } };
  const read = { name: "ml", labels: { team: "data" }, annotations: {} };

  it("is nothing for none, an object for one, a list for more", () => {
    assert.deepEqual(parseNamespaces("\n"), []);
    assert.deepEqual(parseNamespaces(JSON.stringify(item)), [read]);
    assert.deepEqual(parseNamespaces(JSON.stringify({ kind: "List", items: [item, item] })), [read, read]);
  });
});

describe("the admission of a platform", () => {
  it("is for its own namespace and its projects', by the names that they get", () => {
    assert.deepEqual(namespacesOf(config), { namespace: "ml", projects: ["dev-a", "dev-b"] });
    const cluster = { access: { context: "team" }, kubeconfig: undefined };
    assert.equal(admission(config, cluster), undefined, "a preview without an engine asks no cluster");
  });
});
