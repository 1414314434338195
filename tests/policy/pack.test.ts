import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import analyzerServices from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import protobuf from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { rules } from "../../policy/rules.ts";

const top = join(import.meta.dirname, "../..");
const pack = join(top, "policy");
const loader = join(top, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
const config = { "mlops:imageRegistry": "registry.example.org/mlops" };

interface Shown {
  type: string;
  inputs: Parameters<typeof struct.Struct.fromJavaScript>[0];
}

/** Talks to the pack as the engine does. */
class Engine {
  readonly #process: ChildProcess;
  readonly #client: analyzerServices.AnalyzerClient;

  constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.#client = new analyzerServices.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  /** Starts the pack as the language host does, and waits until it says its port. */
  static async start(): Promise<Engine> {
    const env = { ...process.env, PULUMI_CONFIG: JSON.stringify(config) };
    const child = spawn(process.execPath, [loader, "127.0.0.1:1", pack], { cwd: pack, env });
    const port = await new Promise<string>((resolve, reject) => {
      let errors = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
      child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
      child.once("close", () => reject(new Error(`the pack ended: ${errors}`)));
    });
    return new Engine(child, port);
  }

  names(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#client.getAnalyzerInfo(new protobuf.Empty(), (error, info) =>
        error === null ? resolve(info.getPoliciesList().map((policy) => policy.getName())) : reject(error),
      );
    });
  }

  analyze({ type, inputs }: Shown): Promise<string[]> {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type).setName("main").setUrn(`urn:pulumi:test::mlops::${type}::main`);
    request.setProperties(struct.Struct.fromJavaScript(inputs)).setOptions(new analyzer.AnalyzerResourceOptions());
    return new Promise((resolve, reject) => {
      this.#client.analyze(request, (error, response) => (error === null ? resolve(said(response)) : reject(error)));
    });
  }

  analyzeStack(shown: Shown[]): Promise<string[]> {
    const request = new analyzer.AnalyzeStackRequest();
    for (const { type, inputs } of shown) {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(type).setName("main").setUrn(`urn:pulumi:test::mlops::${type}::main`);
      resource.setProperties(struct.Struct.fromJavaScript(inputs)).setOptions(new analyzer.AnalyzerResourceOptions());
      request.addResources(resource);
    }
    return new Promise((resolve, reject) => {
      this.#client.analyzeStack(request, (error, response) =>
        error === null ? resolve(said(response)) : reject(error),
      );
    });
  }

  stop(): void {
    this.#client.close();
    this.#process.kill();
  }
}

function said(response: analyzer.AnalyzeResponse): string[] {
  return response
    .getDiagnosticsList()
    .map((diagnostic) => `${diagnostic.getPolicyname()}: ${diagnostic.getMessage().split("\n").at(-2) ?? ""}`);
}

describe("the pack in CrossGuard", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await Engine.start();
  });
  after(() => engine.stop());

  const pod = (image: string) => ({
    type: "kubernetes:core/v1:Pod",
    inputs: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "main", namespace: "mlops" },
      spec: { containers: [{ name: "main", image }] },
    },
  });

  it("has every rule about resources", async () => {
    assert.deepEqual(
      await engine.names(),
      rules
        .filter(({ evaluate, evaluateStack }) => evaluate !== undefined || evaluateStack !== undefined)
        .map(({ id }) => id),
    );
  });

  it("judges a resource by the rules of the preview, with the stack's own configuration", async () => {
    const of = async (image: string) => (await engine.analyze(pod(image))).filter((text) => text.startsWith("images-"));
    assert.deepEqual(await of("registry.example.org/mlops/mlflow:1.0.0"), []);
    assert.deepEqual(await of("example.org/other"), [
      "images-pinned: container main has the image example.org/other, which is not pinned",
      "images-from-allowed-registries: container main has the image example.org/other, whose registry is not allowed",
    ]);
  });

  it("judges what is known of a resource where a part of it is unknown", async () => {
    const inputs = { policy: pulumi.runtime.unknownValue, publiclyAccessible: true, password: "changeme" };
    const found = await engine.analyze({ type: "aws:rds/instance:Instance", inputs });
    assert.ok(found.includes("no-default-password: has a default password in password"), found.join("\n"));
    assert.ok(found.includes("storage-not-public: has a public address (publiclyAccessible)"), found.join("\n"));
  });

  it("judges a stack as a whole", async () => {
    assert.deepEqual(await engine.analyzeStack([pod("x:1")]), [
      "workload-has-network-policy: no NetworkPolicy for Ingress selects its pods",
      "workload-has-network-policy: no NetworkPolicy for Egress selects its pods",
    ]);
  });
});
