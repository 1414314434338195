import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tagsOf } from "../../../components/cluster/eks/eks-tags.ts";
import { configSchema } from "../../../config/schema.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/eks.md"), "utf8");
const section = (title: string) => page.split(/^##+ /m).find((text) => text.startsWith(`${title}\n`)) ?? "";

describe("docs/eks.md", () => {
  it("names the keys that two stacks share, all of which there are", () => {
    const rows = section("Two stacks").match(/^\| `.*?\|/gm) ?? [];
    const keys = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key));
    for (const key of keys) assert.ok(key in configSchema.shape, key);
    for (const key of ["airflow", "namespace", "exposure", "projects", "postgres", "cluster"]) {
      assert.ok(keys.includes(key), key);
    }
  });

  it("lists what a destroy left by a tag that every volume has", () => {
    const [, key = "", value] = /Name=tag:([\w-]+),Values=(\w+)/.exec(section("Teardown")) ?? [];
    assert.ok(value !== undefined);
    assert.equal(tagsOf({})[key], value);
  });
});
