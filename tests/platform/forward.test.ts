// scripts/platform/forward.ts with a kubectl of its own; tests/e2e runs it on a cluster.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { forward, keepForward } from "../../scripts/platform/forward.ts";
import { isRunning } from "../processes.ts";

const target = { namespace: "mlops", context: "dev" };

describe("forward", () => {
  const path = process.env.PATH ?? "";
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "forward-"));
    process.env.PATH = `${folder}:${path}`;
  });
  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const kubectlThat = (script: string) => {
    writeFileSync(join(folder, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  it("gives the port that kubectl has chosen, and ends kubectl when it is closed", async () => {
    kubectlThat(`echo "$*" >${folder}/args; printf 'Forwarding from 127.0.0.1:400'; sleep 0.1
      echo '01 -> 9090'; exec sleep 60`);
    const { port, ended, close } = await forward(target, "prometheus", 9090);
    assert.equal(port, 40001);
    assert.equal(
      readFileSync(join(folder, "args"), "utf8"),
      "--namespace mlops --context dev port-forward service/prometheus :9090 --pod-running-timeout=10s\n",
    );
    close();
    await ended;
  });

  it("tells why there is none in kubectl's own words", async () => {
    kubectlThat(`echo 'Error from server (NotFound): services "grafana" not found' >&2; exit 1`);
    await assert.rejects(forward(target, "grafana", 3000), {
      message: 'Error from server (NotFound): services "grafana" not found',
    });
    kubectlThat("echo 'error: unable to forward port because pod is not running. Current status=Pending' >&2; exit 1");
    await assert.rejects(forward(target, "grafana", 3000), {
      message: "unable to forward port because pod is not running. Current status=Pending",
    });
    kubectlThat("echo 'error: timed out waiting for the condition' >&2; exit 1");
    await assert.rejects(forward(target, "grafana", 3000), { message: "no pod of service grafana is running" });
  });

  it("is kept on the Service's own port where that is free, and forwarded again when its pod has gone", async () => {
    kubectlThat(`echo "$7" >>${folder}/kept; case $7 in
      3000:*) echo 'error: unable to listen on any of the requested ports: [{3000 3000}]' >&2; exit 1;; esac
      echo 'Forwarding from 127.0.0.1:40002 -> 3000'; [ $(wc -l <${folder}/kept) -gt 2 ] && exec sleep 60; exit 0`);
    const told: string[] = [];
    let resolve: () => void;
    const isBack = new Promise<void>((done) => {
      resolve = done;
    });
    const { port, close } = await keepForward(target, "grafana", 3000, (words) => {
      told.push(words);
      if (words === "is back") resolve();
    });
    assert.equal(port, 40002);
    await isBack;
    close();
    assert.deepEqual(told, ["lost its pod", "is back"]);
    const asked = readFileSync(join(folder, "kept"), "utf8").trim().split("\n");
    assert.deepEqual(asked, ["3000:3000", ":3000", "40002:3000"]);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends kubectl with a process that gets ${signal}, and lets that end too`, async () => {
      kubectlThat(`echo $$ >${folder}/pid; echo 'Forwarding from 127.0.0.1:40001 -> 9090'; exec sleep 60`);
      const module = join(import.meta.dirname, "../../scripts/platform/forward.ts");
      const program = `import { forward } from "${module}";
        await forward({ namespace: "mlops", context: undefined }, "prometheus", 9090);
        console.log("ready");`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      child.kill(signal);
      const by = await new Promise((resolve) => {
        child.on("close", (_code, signalCode) => {
          resolve(signalCode);
        });
      });
      assert.equal(by, signal);
      const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
      while (isRunning(pid)) await sleep(10);
    });
  }
});
