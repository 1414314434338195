import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack } from "../../preview/stack.ts";

describe("readStack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-"));
    write("Pulumi.yaml", "name: shop");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

  it("writes objects and lists as JSON and scalars as text, as the engine does", () => {
    write(
      "Pulumi.dev.yaml",
      "config:\n  shop:a: text\n  shop:b: 5\n  shop:c: true\n  shop:d: {x: [1, y]}\n  aws:region: eu\n",
    );
    assert.deepEqual(readStack(folder, "dev"), {
      project: "shop",
      stack: "dev",
      config: { "shop:a": "text", "shop:b": "5", "shop:c": "true", "shop:d": '{"x":[1,"y"]}', "aws:region": "eu" },
      secretKeys: [],
    });
  });

  it("takes defaults and values of Pulumi.yaml where the stack sets nothing", () => {
    write(
      "Pulumi.yaml",
      "name: shop\nconfig:\n  a: {type: string, default: one}\n  b: {type: integer}\n  c: {value: {x: 1}}\n  d: {type: string, default: two}\n",
    );
    write("Pulumi.dev.yaml", "config: {'shop:d': three}");
    assert.deepEqual(readStack(folder, "dev").config, { "shop:a": "one", "shop:c": '{"x":1}', "shop:d": "three" });
  });

  it("replaces encrypted values at any depth and marks their keys", () => {
    const text =
      "config:\n  shop:a: {secure: v1:abc}\n  shop:b: {x: {webhookUrl: {secure: v1:def}}, y: 1}\n  shop:c: text\n";
    write("Pulumi.dev.yaml", text);
    const { config, secretKeys } = readStack(folder, "dev");
    assert.deepEqual(secretKeys, ["shop:a", "shop:b"]);
    assert.match(String(config["shop:a"]), /^secret-a-[0-9a-f]{8}$/);
    assert.match(String(config["shop:b"]), /^\{"x":\{"webhookUrl":"https:\/\/example.invalid\/secret-b-x-webhookUrl-/);
    assert.ok(!JSON.stringify(config).includes("v1:"));
  });

  it("gives an encrypted connection of Airflow a form that validation accepts", () => {
    write("Pulumi.dev.yaml", "config:\n  shop:secrets: {airflow: {connections: {warehouse: {secure: v1:abc}}}}\n");
    const { config } = readStack(folder, "dev");
    assert.match(String(config["shop:secrets"]), /"warehouse":"generic:\/\/example\.invalid\/secret-/);
  });

  it("reads merge keys, anchors, octal numbers, dates and keys without a value as the engine does", () => {
    const base = "{ x: 1, d: 2026-11-30, o: 0755, n: no, q: '2026-11-30' }";
    write("Pulumi.dev.yaml", `config:\n  shop:a: &base ${base}\n  shop:b: { <<: *base, x: 2 }\n  shop:c:\n  d: 1.0\n`);
    const { config } = readStack(folder, "dev");
    const merged = { d: "2026-11-30 00:00:00 +0000 UTC", n: "no", o: 493, q: "2026-11-30" };
    assert.deepEqual(JSON.parse(config["shop:a"] ?? ""), { x: 1, ...merged });
    assert.deepEqual(JSON.parse(config["shop:b"] ?? ""), { x: 2, ...merged });
    assert.equal(config["shop:c"], "");
    assert.equal(config["shop:d"], "1");
  });

  it("finds a stack by its whole name, of this project alone", () => {
    write("Pulumi.dev.yaml", "config: {'shop:a': one}");
    for (const name of ["acme/shop/dev", "acme/dev"]) {
      const { organization, stack } = readStack(folder, name);
      assert.deepEqual([organization, stack], ["acme", "dev"]);
    }
    assert.equal(readStack(folder, "dev").organization, undefined);
    assert.throws(() => readStack(folder, "acme/other/dev"), {
      name: "UsageError",
      message: "found the stack acme/other/dev, of the project other; this project is shop",
    });
  });

  for (const [what, text, message] of [
    [
      "ESC environments",
      "environment: [prod]\nconfig: {}",
      /Pulumi\.dev\.yaml imports ESC environments .* use `scripts\/pulumi preview --stack <stack>`$/,
    ],
    ["keys outside of config", "shop:a: one", /found shop:a at the top; keys are shop:<key> below config:, indented/],
    ["a mistyped config", "confg: {'shop:a': one}", /found confg at the top/],
    ["a list of keys", "config:\n  - shop:a: one", /found config as a list; write one shop:<key> per line/],
  ] as const) {
    it(`refuses ${what}, of which it would show nothing`, () => {
      write("Pulumi.dev.yaml", text);
      assert.throws(() => readStack(folder, "dev"), { name: "UsageError", message });
    });
  }

  it("lists the stacks there are for one that is not", () => {
    write("Pulumi.dev.yaml", "");
    write("Pulumi.prod.yaml", "");
    assert.throws(() => readStack(folder, "test"), {
      name: "UsageError",
      message: 'there is no stack "test": Pulumi.test.yaml does not exist; stacks: dev, prod',
    });
  });

  it("names a file that is no YAML", () => {
    write("Pulumi.dev.yaml", "config: [");
    assert.throws(() => readStack(folder, "dev"), {
      name: "UsageError",
      message: /Pulumi\.dev\.yaml is not valid YAML/,
    });
  });
});
