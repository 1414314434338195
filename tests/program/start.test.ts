import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { execPath } from "node:process";

const top = join(import.meta.dirname, "../..");

/** As Pulumi's SDK does: whatever nobody caught is reported, by a write. */
const program = `
  process.on("uncaughtException", (error) => console.error(error));
  await import("./start.js");
  setInterval(() => console.log("still here"), 10);
`;

describe("the program's entry point", () => {
  it("ends once nobody reads its output, as after the engine was killed", async () => {
    const child = spawn(execPath, ["--input-type=module", "--eval", program], { cwd: top });
    try {
      await once(child.stdout, "data");
      child.stdout.destroy();
      child.stderr.destroy();
      assert.deepEqual(await once(child, "exit"), [1, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
