import assert from "node:assert/strict";
import { generatedPassword } from "../../components/objects/generated-password.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration } from "../program/registrations.ts";

const deploy = (args: Parameters<typeof generatedPassword>[1]) =>
  record(() => generatedPassword("admin", args, { protect: true }));
const typeToken = "random:index/randomPassword:RandomPassword";

describe("generatedPassword", () => {
  it("makes 32 letters and digits, which a new generation replaces", async () => {
    const { inputs, protect } = registration((await deploy({ generation: 2 })).resources, typeToken, "admin");
    assert.deepEqual(inputs, { length: 32, special: false, keepers: { generation: "2" } });
    assert.equal(protect, true);
  });

  it("makes another length where it is asked to, and nothing that replaces it without a generation", async () => {
    const { inputs } = registration((await deploy({ length: 20 })).resources, typeToken, "admin");
    assert.deepEqual(inputs, { length: 20, special: false });
  });

  it("marks the password and its hash as secret", async () => {
    const { secretOutputPaths } = await deploy({ generation: 1 });
    assert.deepEqual(secretOutputPaths.toSorted(), ["bcryptHash", "password"]);
  });
});
