// The forged requests against a real server: $MINIO_BINARY, or `minio` on PATH.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tryForgeries } from "../../../scripts/verify/forged/try.ts";
import { send } from "../../../scripts/verify/forged/s3-request.ts";
import { signed } from "../../../scripts/verify/forged/s3-signature.ts";
import { skipWithReason } from "../../skip.ts";

const binary = process.env.MINIO_BINARY ?? spawnSync("which", ["minio"], { encoding: "utf8" }).stdout.trim();
const owner = { user: "test-root-key", password: "test-root-secret" };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("verify: forged requests on MinIO's server", function () {
  this.timeout(120_000);
  let folder = "";
  let server: ChildProcess | undefined;
  let url = "";

  before(async function () {
    if (binary === "")
      return skipWithReason(this, "needs MinIO's server: a binary named minio on PATH or in $MINIO_BINARY");
    folder = mkdtempSync(join(tmpdir(), "forged-"));
    const [port, console] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    const address = ["--address", `127.0.0.1:${port}`, "--console-address", `127.0.0.1:${console}`];
    server = spawn(binary, ["server", join(folder, "data"), ...address], {
      env: { HOME: folder, MINIO_ROOT_USER: owner.user, MINIO_ROOT_PASSWORD: owner.password, MINIO_UPDATE: "off" },
      stdio: "ignore",
    });
    const isReady = () =>
      fetch(`${url}/minio/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) await sleep(200);
    const bucket = { method: "PUT", path: "/mlops", query: {}, headers: {}, body: Buffer.alloc(0) };
    await send(url, signed(bucket, new URL(url).host, owner, new Date()));
  });
  after(() => {
    server?.kill();
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  it("are all refused", async () => {
    // The root user's key stands for every client's: a server looks at the signature before it asks who may do what.
    const clients = ["", "backups", "mlflow/artifacts", "projects/team"].map((prefix) => ({
      name: prefix === "" ? "the administrator" : prefix,
      accessKey: owner.user,
      prefix,
    }));
    const holder = { name: "projects/team", credentials: owner };
    const outcome = await tryForgeries({ url, bucket: "mlops", owner, clients, holder, id: "1a2b" }, () => undefined);
    assert.equal(outcome.state, "ok", outcome.seen);
  });
});
