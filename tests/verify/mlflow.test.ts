// The administrator's client with a kubectl of its own, which forwards to a server that tells what it was asked.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { administrators } from "../../scripts/platform/credentials.ts";
import { withMlflow } from "../../scripts/verify/mlflow.ts";
import { freePort } from "../free-port.ts";
import { standIn } from "../stand-in.ts";

describe("verify: MLflow's API", () => {
  const path = process.env.PATH ?? "";
  const folder = mkdtempSync(join(tmpdir(), "mlflow-"));
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    void text(request).then((body) => response.end(JSON.stringify([method, url, headers.authorization, body])));
  });
  before(async () => {
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    standIn(folder, "kubectl", `echo "Forwarding from 127.0.0.1:${port} -> 5000"; exec sleep 60`);
    process.env.PATH = `${folder}:${path}`;
  });
  after(() => {
    process.env.PATH = path;
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("is asked as the administrator: with a body by POST, else by GET", async () => {
    const platform = {
      target: { namespace: "mlops", context: undefined },
      airflowUrl: undefined,
      without: [],
      administrators: { ...administrators([]), mlflow: { user: "admin", password: "secret" } },
      description: { images: {}, projects: {} },
    };
    const authorization = `Basic ${btoa("admin:secret")}`;
    await withMlflow(platform, async (request) => {
      const asked = ["GET", "/api/2.0/mlflow/runs/get?run_id=1", authorization, ""];
      assert.deepEqual(await (await request("mlflow/runs/get?run_id=1")).json(), asked);
      const told = ["POST", "/api/2.0/mlflow-artifacts/x", authorization, '{"path":"file"}'];
      assert.deepEqual(await (await request("mlflow-artifacts/x", { path: "file" })).json(), told);
    });
  });
});
