import assert from "node:assert/strict";
import { PlatformIdentity } from "../../components/ownership/platform-sign.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { registration } from "../program/registrations.ts";

async function signOf(platformId: string) {
  const { resources, outputs } = await record(() => {
    const { id, stack } = new PlatformIdentity("platform", { platformId }).sign;
    return { id, stack };
  });
  const { id, stack } = outputs;
  return { resources, id, stack };
}

describe("PlatformIdentity", () => {
  it("draws an id once and keeps it in the state", async () => {
    const { resources, id, stack } = await signOf("");
    assert.match(String(id), /^[0-9a-f]{16}$/);
    assert.match(String(stack), /^[^/]+\/mlops\/[^/]+$/);
    assert.deepEqual(registration(resources, "random:index/randomId:RandomId", "platform-id").inputs, {
      byteLength: 8,
    });
  });

  it("takes over the id of a platform whose state was lost", async () => {
    assert.equal((await signOf("0123456789abcdef")).id, "0123456789abcdef");
  });
});
