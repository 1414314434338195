import assert from "node:assert/strict";
import { withoutClientLog } from "../../lib/kubernetes/kubectl.ts";

describe("what kubectl says", () => {
  it("is its sentence, without the log of each attempt before it", () => {
    const attempt =
      'E1121 15:00:47.546725   25094 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list"';
    const sentence =
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?";
    assert.equal(withoutClientLog(`${attempt}\n${attempt}\n${sentence}\n`), sentence);
    assert.equal(
      withoutClientLog('Error from server (NotFound): namespaces "mlops" not found\n'),
      'Error from server (NotFound): namespaces "mlops" not found',
    );
  });
});
