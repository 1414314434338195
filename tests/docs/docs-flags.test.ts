import assert from "node:assert/strict";
import { pages } from "./docs-blocks.ts";
import { flagsOf, isRead } from "./docs-flags.ts";
import { codeOf } from "./markdown.ts";

describe("the flags in the documentation", () => {
  const named = pages.flatMap(({ path, text }) =>
    codeOf(text)
      .flatMap(flagsOf)
      .map((flag) => ({ path, ...flag })),
  );

  it("are those that the project's own commands read", () => {
    assert.ok(named.length > 3, JSON.stringify(named));
    assert.deepEqual(
      named.filter((flag) => !isRead(flag)),
      [],
    );
  });

  it("would be found where no command reads them", () => {
    const [flag] = flagsOf("scripts/images --lode minio");
    assert.deepEqual(flag, { command: "images", flag: "--lode" });
    assert.ok(!isRead({ command: "images", flag: "--lode" }));
  });

  it("are told from another program's", () => {
    assert.deepEqual(flagsOf("scripts/pulumi up --stack gke"), []);
    assert.deepEqual(flagsOf("scripts/images --load x | sort --unique"), [{ command: "images", flag: "--load" }]);
  });
});
