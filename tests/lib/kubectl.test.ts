import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl, queryKubectl } from "../../lib/kubernetes/kubectl.ts";
import { standIn } from "../stand-in.ts";

describe("what kubectl says", () => {
  const target = { namespace: "mlops" };
  const path = process.env.PATH;
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kubectl-"));
    process.env.PATH = `${folder}:${path ?? ""}`;
  });
  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it("is its sentence, without the log of each attempt before it", async () => {
    const attempt = 'E1121 15:00:47.546725   25094 memcache.go:265] "Unhandled Error" err="couldn\'t get the list"';
    const sentence = "The connection to the server localhost:8080 was refused - is this the right host or port?";
    standIn(folder, "kubectl", `cat >&2 <<'END'\n${attempt}\n${attempt}\n${sentence}\nEND\nexit 1`);
    assert.throws(() => kubectl(target, ["get", "pods"]), { message: sentence });
    assert.deepEqual(await queryKubectl(target, ["get", "pods"]), { ok: false, stdout: "", stderr: sentence });
  });

  it("is nothing where a cluster does not answer in time", () => {
    standIn(folder, "kubectl", "exec sleep 5");
    assert.throws(() => kubectl(target, ["get", "pods"], "", 0.2), { message: "no answer within 0.2 s" });
  });

  it("is all of it where there is no log", () => {
    const sentence = 'Error from server (NotFound): namespaces "mlops" not found';
    standIn(folder, "kubectl", `echo '${sentence}' >&2; exit 1`);
    assert.throws(() => kubectl(target, ["get", "pods"]), { message: sentence });
  });
});
