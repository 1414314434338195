import assert from "node:assert/strict";
import { compareSync, getRounds } from "bcryptjs";
import { generated } from "../../preview/recorder/random.ts";

describe("a generated value", () => {
  it("has a bcrypt hash of the random provider's cost, which its text alone matches", () => {
    const hash = generated.bcrypt("admin", "correct horse");
    assert.ok(compareSync("correct horse", hash));
    assert.ok(!compareSync("correct mule", hash));
    assert.equal(getRounds(hash), 10);
  });
});
