import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { textAt } from "../../lib/json.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import { kubectl, testCluster } from "../cluster.ts";
import { engineProject, findCli } from "../engine/project.ts";
import { skipWithReason } from "../skip.ts";
import { apply, removeNamespaces } from "./deploy.ts";
import { neighbour } from "./neighbour.ts";
import { nodeImages } from "./node-images.ts";
import { scriptPod } from "./script-pod.ts";
import { emptyChart, projects, SmallStack } from "./small-stack.ts";

const image = "localhost/mlops/provision:0.1.0";

describe("two platforms on one cluster", function () {
  this.timeout(30 * 60_000);
  this.bail(true);
  let kubeconfig = "";
  let cli = "";
  let chart = "";
  const stacks: SmallStack[] = [];
  let first: SmallStack;
  let second: SmallStack;

  /** A stack that is removed at the end. */
  async function newStack(name: string, more: Record<string, unknown> = {}): Promise<SmallStack> {
    const values = {
      cluster: { kind: "minikube", kubeconfig },
      namespace: name,
      projectNamespacePrefix: `${name}-`,
      exposure: { kind: "portForward" },
      airflow: { chart },
      projects: projects.map((project) => ({ name: project })),
      ...more,
    };
    const change = (config: Record<string, unknown>) => {
      Object.assign(config, Object.fromEntries(Object.entries(values).map(([key, value]) => [`mlops:${key}`, value])));
    };
    const stack = new SmallStack(name, await engineProject(cli, "Pulumi.minikube.yaml", change, undefined, name));
    stacks.push(stack);
    return stack;
  }

  before(async function () {
    cli = findCli() ?? skipWithReason(this, "no Pulumi CLI is found");
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
    if (!(await nodeImages(kubeconfig)).has(image)) return skipWithReason(this, `no node holds the image ${image}`);
    chart = await emptyChart();
    first = await newStack("apart-a");
    second = await newStack("apart-b");
  });

  after(async () => {
    for (const stack of stacks) {
      // What a test has destroyed has nothing more to go.
      await stack.destroy();
      await stack.project.remove();
    }
    if (chart === "") return;
    await removeNamespaces(kubeconfig, ["apart-c-verify"]);
    await rm(chart, { recursive: true, force: true });
  });

  it("are deployed at the same time, with projects of the same names", async () => {
    await Promise.all([first.up(), second.up()]);
    for (const { namespaces } of [first, second]) {
      const { stdout } = await kubectl(kubeconfig, ["get", "namespaces", ...namespaces, "--output", "name"]);
      assert.equal(stdout.trim().split("\n").length, 3);
    }
  });

  it("keep their projects' data apart, and let no task of the other in", async () => {
    for (const [own, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const namespace = own.of("pageviews");
      const target = { kubeconfig, namespace: own.name, context: undefined };
      const pod = { project: "pageviews", name: "neighbour", script: neighbour(other.name) };
      await apply(kubeconfig, [scriptPod(target, pod)]);
      const inNamespace = ["--namespace", namespace];
      await kubectl(kubeconfig, [
        "wait",
        "--for=jsonpath={.status.phase}=Succeeded",
        "pod/neighbour",
        ...inNamespace,
        "--timeout=180s",
      ]);
      const { stdout } = await kubectl(kubeconfig, ["logs", "neighbour", ...inNamespace]);
      await kubectl(kubeconfig, ["delete", "pod", "neighbour", ...inNamespace]);
      assert.deepEqual(JSON.parse(stdout), {
        "own database": "1",
        "own prefix": "data",
        "postgres of the other": "TimeoutError",
        "minio of the other": "TimeoutError",
        "mlflow of the other": "TimeoutError",
      });
    }
  });

  it("stop a third that would have their namespaces, which the sentence names, and nothing changes", async () => {
    const before = await versions(kubeconfig, first);
    const third = await newStack("apart-third", { namespace: "apart-a", projectNamespacePrefix: "apart-a-" });
    const id = String(await first.output("platformId"));
    const { pulumi, stack } = third.project;
    // By itself, the program asks as well.
    await assert.rejects(pulumi("up", "--yes", "--skip-preview", "--stack", stack), (error: Error) => {
      const owner = `belong to another platform, ${id} of the stack organization/mlops/apart-a: `;
      assert.ok(
        error.message.includes(`The namespaces apart-a, apart-a-pageviews and apart-a-verify ${owner}`),
        error.message,
      );
      assert.ok(error.message.includes(`set platformId to ${id} if it is that platform`), error.message);
      return true;
    });
    assert.deepEqual(await versions(kubeconfig, first), before);
  });

  it("stop a third at a namespace that nobody has signed, until it is handed over by the command that is named", async () => {
    await kubectl(kubeconfig, ["create", "namespace", "apart-c-verify"]);
    const third = await newStack("apart-c");
    let command: string[] = [];
    await assert.rejects(third.up(), (error: Error) => {
      assert.match(error.message, /The namespace apart-c-verify exists, and no platform has signed it: /);
      command =
        /kubectl --context minikube --kubeconfig \S+ (label namespace apart-c-verify mlops\/platform=[0-9a-f]{16})/
          .exec(error.message)?.[1]
          ?.split(" ") ?? [];
      assert.notDeepEqual(command, [], error.message);
      return true;
    });
    const { stdout } = await kubectl(kubeconfig, ["get", "namespaces", "--output", "name"]);
    assert.deepEqual(
      stdout.split("\n").filter((name) => name.includes("apart-c")),
      ["namespace/apart-c-verify"],
    );
    await kubectl(kubeconfig, command);
    // The rest is not deployed: what is asked before a change has been answered.
    const { pulumi, stack } = third.project;
    assert.match(await pulumi("preview", "--stack", stack), /Namespace verify create/);
  });

  it("lose nothing when the other is destroyed, which leaves nothing", async () => {
    const before = await versions(kubeconfig, second);
    assert.ok(Object.keys(before).length > 60, `${Object.keys(before).length} objects`);
    await first.destroy();
    assert.deepEqual(await versions(kubeconfig, first), {});
    assert.deepEqual(await versions(kubeconfig, second), before);
  });
});

const namespacedKinds = [
  ...["configmaps", "secrets", "serviceaccounts", "services", "persistentvolumeclaims", "resourcequotas"],
  ...["deployments", "statefulsets", "jobs", "cronjobs", "networkpolicies", "roles", "rolebindings"],
];
const clusterKinds = ["namespaces", "clusterroles", "clusterrolebindings"];

/** The version of every object of a platform that has one, the cluster's own among them, by its name. */
async function versions(kubeconfig: string, { name, namespaces }: SmallStack): Promise<Record<string, string>> {
  // A quota and a workload are counted some seconds after a pod has gone.
  await sleep(5000);
  const [{ stdout: inNamespaces }, { stdout: clusterWide }] = await Promise.all([
    kubectl(kubeconfig, ["get", namespacedKinds.join(","), "--all-namespaces", "--output", "json"]),
    kubectl(kubeconfig, ["get", clusterKinds.join(","), "--output", "json"]),
  ]);
  const items = [inNamespaces, clusterWide].flatMap(
    (text) => (JSON.parse(text) as { items: KubernetesObject[] }).items,
  );
  const own = items.filter(({ metadata }) =>
    metadata.namespace === undefined
      ? metadata.name === name || metadata.name.startsWith(`${name}-`)
      : namespaces.includes(metadata.namespace),
  );
  return Object.fromEntries(own.map((object) => [nameOf(object), textAt(object, "metadata.resourceVersion") ?? ""]));
}
