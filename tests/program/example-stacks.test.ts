import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { validate } from "../../config.ts";
import { keepsData } from "../../config/data-names.ts";
import { isObject } from "../../lib/json.ts";
import { exampleFolder } from "./example-stacks.ts";
import { folder } from "./program-cases.ts";

/** Sections whose own keys are for different sites. */
const sections = ["mlops:airflow", "mlops:exposure"];

function keysOf(config: unknown): string[] {
  return Object.entries(isObject(config) ? config : {}).flatMap(([key, value]) =>
    sections.includes(key) && isObject(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
}

describe("the example stacks", () => {
  it("have every key that the pages for sites show", () => {
    const pages = ["site.md", "airflow.md"].map((name) => readFileSync(join(folder, "docs", name), "utf8"));
    const shown = pages.flatMap((text) =>
      [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) => keysOf(parse(block))),
    );
    const files = readdirSync(exampleFolder).filter((name) => name.endsWith(".yaml"));
    const used = files.flatMap((name) => {
      const { config } = parse(readFileSync(join(exampleFolder, name), "utf8")) as { config: unknown };
      return keysOf(config);
    });
    assert.ok(shown.length > 20);
    assert.deepEqual(
      [...new Set(shown)].filter((key) => !used.includes(key)),
      [],
    );
  });

  for (const name of ["small-gke", "small-eks"]) {
    it(`have a small profile, ${name}, that keeps its data, backs it up and has tasks on spot nodes`, () => {
      const { config } = parse(readFileSync(join(exampleFolder, `${name}.yaml`), "utf8")) as { config: object };
      const keys = Object.entries(config).map(([key, value]) => [key.replace("mlops:", ""), value] as const);
      const { cluster, airflow, postgres, backup, labels } = validate(Object.fromEntries(keys));
      assert.ok("nodes" in cluster && cluster.deletionProtection && keepsData(labels));
      assert.deepEqual([cluster.nodes.minCount, cluster.nodes.maxCount, airflow.highAvailability], [1, 2, false]);
      assert.equal(cluster.spotNodes?.tasksByDefault, true);
      assert.deepEqual([postgres.kind, backup.enabled, backup.schedule], ["cluster", true, "17 */6 * * *"]);
    });
  }
});
