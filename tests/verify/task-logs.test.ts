import assert from "node:assert/strict";
import { sourcesOf, verdict } from "../../scripts/verify/task-logs.ts";

const stored = "s3://mlops/airflow/logs/dag_id=platform_check/run_id=verify__1/task_id=check_verify/attempt=1.log";

describe("verify: task logs", () => {
  it("say in their first lines where they come from", () => {
    const lines = [
      "::group::Log message source details",
      stored,
      "::endgroup::",
      "::group::Pre Execute",
      "::endgroup::",
    ];
    assert.deepEqual(sourcesOf(lines), [stored]);
    assert.deepEqual(sourcesOf(["Task instance not found"]), []);
  });

  it("are fine when they are read from the object store, or from the volume where that is the store", () => {
    assert.deepEqual(verdict([stored], 30, "a.b", true), { state: "ok", seen: `30 lines of a.b from ${stored}` });
    const inBucket = stored.replace("s3:", "gs:");
    assert.equal(verdict([inBucket], 30, "a.b", true).state, "ok");
    assert.equal(verdict(["/opt/airflow/logs/dag_id=a/attempt=1.log"], 30, "a.b", false).state, "ok");
  });

  it("fail when the object store has none", () => {
    const local = "Could not read served logs: 404";
    const outcome = verdict([local], 3, "a.b", true);
    assert.ok(outcome.state === "failed");
    assert.equal(outcome.seen, `the log of a.b comes from ${local}, not from the object store`);
    assert.match(outcome.fix, /log prefix/);
    assert.equal(verdict([], 0, "a.b", false).seen, "there is no log of a.b");
  });
});
