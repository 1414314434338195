// scripts/platform/credentials.ts against what the program makes.
import assert from "node:assert/strict";
import type { Secret } from "../../lib/kubernetes/api.ts";
import { administrators } from "../../scripts/platform/credentials.ts";
import { renderCase } from "../program/program-cases.ts";
import { isObject } from "../../lib/json.ts";
import type { Rendering } from "../../preview/render.ts";

/** The program's Secrets as a cluster shows them. */
function secretsOf({ objects }: Rendering): Secret[] {
  return objects
    .filter(({ object }) => object.kind === "Secret")
    .map(({ object: { metadata, stringData } }) => {
      const entries = Object.entries(isObject(stringData) ? stringData : {});
      const data = entries.map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")] as const);
      return { metadata: { name: metadata.name }, data: Object.fromEntries(data) };
    });
}

describe("administrators", function () {
  this.timeout(60_000);
  let rendering: Rendering;
  let outputs: Rendering["outputs"];
  before(async () => {
    rendering = await renderCase({ title: "", stack: "minikube", config: {} });
    outputs = rendering.outputs;
  });

  it("are the users and passwords that the stack's outputs name", () => {
    const found = administrators(secretsOf(rendering));
    const byField = (field: "user" | "password") =>
      Object.fromEntries(Object.entries(found).map(([ui, credentials]) => [ui, credentials?.[field]]));
    assert.deepEqual(byField("user"), outputs.adminUsers);
    assert.deepEqual(byField("password"), outputs.adminPasswords);
  });

  it("are undefined for what a stack does not run", () => {
    const others = secretsOf(rendering).filter(({ metadata }) => metadata.name !== "minio-root");
    assert.equal(administrators(others).minio, undefined);
    assert.equal(administrators([]).airflow, undefined);
  });
});
