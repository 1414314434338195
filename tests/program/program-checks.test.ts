import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { objectOf } from "../../lib/kubernetes/objects.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Rendering } from "../../preview/render.ts";
import { DestroyGuard, watchRegistrations } from "../../components/ownership/destroy-guard.ts";
import { checks } from "./program-checks.ts";
import { plainSecrets, unusedSecrets } from "./program-secrets.ts";

async function render(program: () => unknown, chartObjects: KubernetesObject[] = []): Promise<Rendering> {
  const recording = await record(program);
  const objects = recording.resources.flatMap((resource) => {
    const object = objectOf(resource);
    return object === undefined ? [] : [{ resource, object }];
  });
  const release = { urn: "", name: "chart", namespace: "mlops", chart: "chart", values: {} };
  const sources = { version: undefined, repository: undefined, includeHooks: false, hasSecrets: false };
  const chart = { release: { ...release, ...sources }, rendered: { objects: chartObjects, note: undefined } };
  return {
    ...recording,
    objects,
    charts: [chart],
    stack: { project: "mlops", stack: "test", config: {}, secretKeys: [] },
  };
}

const container = {
  name: "main",
  image: "registry.example.org:5000/image:1.0.0",
  imagePullPolicy: "IfNotPresent",
  resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const podSpec = {
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
};

/** A program in which all is well but for what the pod or the rest says. */
function programWith(pod: object, rest: (opts: pulumi.CustomResourceOptions) => unknown = () => undefined) {
  return () => {
    const parent = new pulumi.ComponentResource("mlops:namespace:RestrictedNamespace", "part");
    const provider = new k8s.Provider("cluster", {}, { parent });
    const opts = { parent, provider };
    const { metadata: made } = new k8s.core.v1.Namespace("mlops", { metadata: { name: "mlops" } }, opts);
    const metadata = { name: "pod", namespace: made.name, labels: { app: "pod" } };
    new k8s.core.v1.Pod("pod", { metadata, spec: { ...podSpec, ...pod } }, opts);
    rest(opts);
  };
}

function mainContainer(change: object) {
  return { containers: [{ ...container, ...change }] };
}

const inNamespace = (name: string) => ({ metadata: { name, namespace: "mlops" } });

/** For each check a program that breaks it, and what it says. */
const broken: [check: string, program: () => unknown, message: RegExp][] = [
  [
    "every component is named mlops:<file>:<Class>",
    () => new pulumi.ComponentResource("mlops:Part", "part"),
    /not named/,
  ],
  ["only components are at the root", () => new random.RandomId("id", { byteLength: 4 }), /has no parent/],
  [
    "nothing uses a default provider",
    () => new k8s.core.v1.ConfigMap("map", { metadata: { name: "map" } }),
    /uses the default provider/,
  ],
  [
    "nothing uses a default provider",
    () => {
      const parent = new pulumi.ComponentResource("mlops:namespace:RestrictedNamespace", "part");
      const provider = new aws.Provider("cluster", { region: "eu-central-1" }, { parent });
      const child = new pulumi.ComponentResource("mlops:eks:EksCluster", "child", {}, { parent });
      // The options that a component passes on to its parts: an invoke reads the second one only.
      return aws.getCallerIdentityOutput({}, { parent: child, providers: [provider] } as pulumi.InvokeOptions);
    },
    /^aws:index\/getCallerIdentity:getCallerIdentity is asked of the default provider/,
  ],
  [
    "a destroy of what is protected is refused first",
    programWith({}, (opts) => new k8s.core.v1.ConfigMap("map", inNamespace("map"), { ...opts, protect: true })),
    /^nothing guards what is protected from a destroy$/,
  ],
  [
    "a destroy of what is protected is refused first",
    () => {
      new random.RandomId("early", { byteLength: 4 });
      const registered = watchRegistrations();
      new pulumi.ComponentResource("mlops:namespace:RestrictedNamespace", "part", {}, { protect: true });
      new DestroyGuard("destroy-guard", registered);
    },
    /^urn:.*::early goes before a destroy is refused$/,
  ],
  [
    "no object exists twice",
    programWith({}, (opts) => ["a", "b"].map((name) => new k8s.core.v1.ConfigMap(name, inNamespace("same"), opts))),
    /ConfigMap\/same exists twice/,
  ],
  [
    "every object is in a namespace that the stack makes",
    programWith({}, (opts) => new k8s.core.v1.ConfigMap("map", { metadata: { name: "map" } }, opts)),
    /ConfigMap\/map is in no namespace/,
  ],
  ["what a pod names exists", programWith({ serviceAccountName: "robot" }), /names the ServiceAccount robot/],
  [
    "what a pod names exists",
    programWith(mainContainer({ envFrom: [{ configMapRef: { name: "map" } }] })),
    /names the ConfigMap map/,
  ],
  [
    "no Service inside the cluster is waited for",
    programWith({}, (opts) => new k8s.core.v1.Service("s", { ...inNamespace("s"), spec: {} }, opts)),
    /Service\/s is waited for/,
  ],
  [
    "every Service selects pods",
    programWith(
      {},
      (opts) => new k8s.core.v1.Service("s", { ...inNamespace("s"), spec: { selector: { app: "x" } } }, opts),
    ),
    /Service\/s selects no pod/,
  ],
  [
    "own pods pull no image that is there and get no service links",
    programWith({ enableServiceLinks: true }),
    /has service links/,
  ],
  [
    "it is known which changes replace each resource",
    () => new aws.ebs.Volume("disk", { availabilityZone: "eu-central-1a", size: 1 }),
    /^aws:ebs\/volume:Volume is in no table of replacements/,
  ],
];

describe("a check of a whole program", () => {
  for (const [title, program, message] of broken) {
    it(`sees where it does not hold that ${title}: ${message.source}`, async () => {
      const rendering = await render(program);
      assert.match(checks[title]?.(rendering).join("\n") ?? "", message);
    });
  }

  it("is content with a program in which all is well", async () => {
    const rendering = await render(programWith({}));
    for (const [title, check] of Object.entries(checks)) assert.deepEqual(check(rendering), [], title);
  });

  it("judges a chart's objects and the pods of its template too", async () => {
    const template = JSON.stringify({ metadata: {}, spec: { serviceAccountName: "robot", containers: [] } });
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      ...inNamespace("config"),
      data: { "pod_template_file.yaml": template },
    };
    const rendering = await render(programWith({}), [map]);
    assert.deepEqual(checks["what a pod names exists"]?.(rendering), [
      "mlops/Pod/config-task names the ServiceAccount robot, which does not exist",
    ]);
  });
});

class Part extends pulumi.ComponentResource {
  constructor(name: string, password: pulumi.Output<string>) {
    super("mlops:part:Part", name);
    this.registerOutputs({ password });
  }
}

describe("plainSecrets", () => {
  const password = () => new random.RandomPassword("password", { length: 32 }).result;
  const mapOf = (data: pulumi.Input<Record<string, pulumi.Input<string>>>) =>
    programWith({}, (opts) => new k8s.core.v1.ConfigMap("map", { ...inNamespace("map"), data }, opts));
  const unmarked = (encode: (text: string) => string) => mapOf({ key: pulumi.unsecret(password()).apply(encode) });
  const disguises: Record<string, (text: string) => string> = {
    plain: (text) => `prefix ${text} suffix`,
    base64: (text) => Buffer.from(text).toString("base64"),
    "base64 of a longer text": (text) => `Basic ${Buffer.from(`admin:${text}`).toString("base64")}`,
    hexadecimal: (text) => Buffer.from(text).toString("hex"),
    "URL-encoded": (text) => text.replaceAll("-", "%2D"),
    "JSON in a text": (text) => JSON.stringify({ inner: text }),
  };
  for (const [title, encode] of Object.entries(disguises)) {
    it(`finds a drawn secret that is not marked, ${title}`, async () => {
      const programme = () => unmarked(encode)();
      assert.equal(plainSecrets(await render(programme), []).length > 0, true);
    });
  }

  it("finds nothing where the secret is marked", async () => {
    assert.deepEqual(plainSecrets(await render(() => mapOf({ key: password() })()), []), []);
  });

  it("finds a configured secret with letters that URLs escape, and a private key", async () => {
    const secret = "a/b+c?&=~";
    const url = `https://host/${encodeURIComponent(secret)}`;
    assert.equal(plainSecrets(await render(mapOf({ url })), [secret]).length, 1);
    assert.equal(plainSecrets(await render(mapOf({ pem: "-----BEGIN EC PRIVATE KEY-----" })), []).length, 1);
  });

  it("finds a secret among the outputs of a component and of the stack", async () => {
    const program = () => {
      new Part("part", pulumi.unsecret(password()));
      return { password: pulumi.unsecret(pulumi.output("configured")) };
    };
    const found = plainSecrets(await render(program), ["configured"]);
    assert.deepEqual(found, [
      "outputs of urn:pulumi:test::mlops::mlops:part:Part::part shows secret-password-5e884898",
      "outputs of the stack shows configured",
    ]);
  });
});

describe("unusedSecrets", () => {
  it("finds a secret of the configuration that goes nowhere", async () => {
    const program = programWith(
      {},
      (opts) => new k8s.core.v1.Secret("s", { ...inNamespace("s"), stringData: { key: "used" } }, opts),
    );
    assert.deepEqual(unusedSecrets(await render(program), ["used", "unused"]), ["unused"]);
  });
});
