import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import { unknown } from "../../lib/wire.ts";
import { registration } from "../program/registrations.ts";

class Part extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:part:Part", name, {}, opts);
    const password = new random.RandomPassword(`${name}-password`, { length: 32 }, { parent: this });
    new k8s.core.v1.ConfigMap(
      name,
      { metadata: { name }, data: { url: pulumi.interpolate`db://${password.result}@host`, plain: "text" } },
      { parent: this, protect: true, ignoreChanges: ["data"], deleteBeforeReplace: true, dependsOn: password },
    );
    this.registerOutputs({ password: password.result, name });
  }
}

function program(): Record<string, unknown> {
  const provider = new k8s.Provider("cluster", { kubeconfig: "text" });
  new Part("part", { provider });
  return { hidden: pulumi.secret("text"), plain: new pulumi.Config().get("plain") };
}

describe("record", () => {
  it("gives each resource with its parent, provider, dependencies and options", async () => {
    const { resources } = await record(program);
    const part = registration(resources, "mlops:part:Part", "part");
    const map = registration(resources, "kubernetes:core/v1:ConfigMap", "part");
    assert.equal(part.parent, "");
    assert.equal(map.parent, part.urn);
    assert.equal(map.urn, "urn:pulumi:test::mlops::mlops:part:Part$kubernetes:core/v1:ConfigMap::part");
    assert.match(map.provider, /^urn:pulumi:test::mlops::pulumi:providers:kubernetes::cluster::[0-9a-f-]{36}$/);
    assert.deepEqual(
      map.dependencies,
      resources.filter(({ name }) => name === "part-password").map(({ urn }) => urn),
    );
    assert.deepEqual([map.protect, map.ignoreChanges, map.deleteBeforeReplace], [true, ["data"], true]);
  });

  it("unwraps secrets and says where they are", async () => {
    const { resources, outputs, secretOutputPaths } = await record(program);
    const map = registration(resources, "kubernetes:core/v1:ConfigMap", "part");
    assert.deepEqual(map.secretPaths, ["data.url"]);
    assert.ok(isSecret(map, "data.url") && !isSecret(map, "data.plain"));
    assert.deepEqual(outputs, { hidden: "text" });
    assert.deepEqual(secretOutputPaths, ["hidden"]);
    const part = registration(resources, "mlops:part:Part", "part");
    assert.deepEqual([part.outputs.name, part.secretOutputPaths], ["part", ["password"]]);
  });

  it("draws the same placeholder at each run and another for each name", async () => {
    const passwords = async (generate: boolean) => {
      const { outputs } = await record(
        () => ["a", "b"].map((name) => new random.RandomPassword(name, { length: 20 }).result),
        { generate },
      );
      return Object.values(outputs);
    };
    const [first, second] = [await passwords(false), await passwords(false)];
    assert.deepEqual(first, second);
    assert.notEqual(first[0], first[1]);
    assert.match(String((await passwords(true))[0]), /^[A-Za-z0-9]{20}$/);
  });

  it("keeps what it has drawn for a resource until the resource's inputs change", async () => {
    const drawn = new Map<string, string>();
    const password = async (generation: string) => {
      const { outputs } = await record(
        () => [new random.RandomPassword("a", { length: 20, keepers: { generation } }).result],
        { generate: drawn },
      );
      return Object.values(outputs)[0];
    };
    const [first, again, next] = [await password("1"), await password("1"), await password("2")];
    assert.equal(first, again);
    assert.notEqual(first, next);
  });

  it("hands configuration over with its secret keys", async () => {
    const { outputs, secretOutputPaths } = await record(
      () => ({ a: new pulumi.Config().requireSecret("key"), b: new pulumi.Config("aws").get("region") }),
      { config: { key: "value", "aws:region": "eu-north-1" }, secretKeys: ["key"] },
    );
    assert.deepEqual(outputs, { a: "value", b: "eu-north-1" });
    assert.deepEqual(secretOutputPaths, ["a"]);
  });

  it("leaves unknown in a dry run what no mock knows", async () => {
    const { resources } = await record(
      () => {
        const provider = new k8s.Provider("cluster", {});
        const pod = new k8s.core.v1.Pod("pod", { metadata: { name: "pod" } }, { provider });
        new k8s.core.v1.ConfigMap("map", { metadata: { name: "map" }, data: { ip: pod.status.podIP } }, { provider });
      },
      { dryRun: true },
    );
    assert.deepEqual(registration(resources, "kubernetes:core/v1:ConfigMap", "map").inputs.data, { ip: unknown });
  });

  it("records a chart as one resource", async () => {
    const { resources } = await record(() => {
      new k8s.helm.v4.Chart("chart", { chart: "name", values: { key: [1] } });
    });
    const chart = registration(resources, "kubernetes:helm.sh/v4:Chart", "chart");
    assert.deepEqual([chart.remote, chart.inputs], [true, { chart: "name", values: { key: [1] } }]);
  });

  const failures: Record<string, () => unknown> = {
    "an exception": () => {
      throw new Error("it fails");
    },
    "a throwing apply": () => {
      pulumi.output(1).apply(() => {
        throw new Error("it fails");
      });
    },
    "a rejected promise": () => {
      void Promise.reject(new Error("it fails"));
    },
    "a throwing apply of a resource's output": () => {
      new random.RandomId("id", { byteLength: 4 }).hex.apply(() => {
        throw new Error("it fails");
      });
    },
  };
  for (const [title, failing] of Object.entries(failures)) {
    it(`rejects on ${title}`, async () => {
      await assert.rejects(record(failing), /it fails/);
    });
  }

  it("rejects two resources with one URN", async () => {
    const twice = () => [new random.RandomId("id", { byteLength: 4 }), new random.RandomId("id", { byteLength: 8 })];
    await assert.rejects(
      record(twice),
      /two resources have the URN urn:pulumi:test::mlops::random:index\/randomId:RandomId::id/,
    );
  });
});
