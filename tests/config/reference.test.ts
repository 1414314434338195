import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { configurationMarkdown, pulumiYaml } from "../../config/reference.ts";
import { configSchema } from "../../config/schema.ts";
import { diagramFiles } from "../../preview/diagrams/reference.ts";

const top = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(top, path), "utf8");
const remedy = "run node_modules/.bin/node config/reference.ts";

describe("what is made from the configuration's schema", () => {
  it("is the configuration section of Pulumi.yaml", () => {
    assert.equal(read("Pulumi.yaml"), pulumiYaml(read("Pulumi.yaml")), remedy);
  });

  it("is docs/configuration.md", () => {
    assert.equal(read("docs/configuration.md"), configurationMarkdown(), remedy);
  });

  it("has every key of the schema, described, and a default for all but the cluster", () => {
    const { config } = parse(read("Pulumi.yaml")) as { config: Record<string, Record<string, unknown>> };
    assert.deepEqual(Object.keys(config), Object.keys(configSchema.shape));
    for (const [key, entry] of Object.entries(config)) {
      assert.ok(typeof entry.description === "string" && entry.description.length > 10, key);
      assert.equal("default" in entry || "value" in entry, key !== "cluster", key);
    }
  });
});

describe("what is made from the stacks' resources", () => {
  it("is docs/diagrams/", async () => {
    const files = await diagramFiles();
    assert.deepEqual(readdirSync(join(top, "docs/diagrams")).toSorted(), [...files.keys()].toSorted());
    for (const [name, content] of files) {
      assert.equal(read(`docs/diagrams/${name}`), content, "run node_modules/.bin/node preview/diagrams/reference.ts");
    }
  });
});
