import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

interface Opened {
  ui: string;
  url?: string;
  user?: string;
  password?: string;
}

/**
 * Runs `make open` as a program would: each UI that it forwards answers, and Ctrl-C ends it with its port-forwards.
 *
 * @param ui names of the UIs that run
 */
export async function opensInterfaces({ namespace, context, kubeconfig }: KubectlTarget, ui: string[]): Promise<void> {
  const script = join(import.meta.dirname, "../../scripts/platform/open.ts");
  const args = ["--namespace", namespace, ...(context === undefined ? [] : ["--context", context])];
  const child = spawn(process.execPath, [script, ...args, "--json", "--passwords", "--no-browser"], {
    // No stack of this machine is what is tested.
    env: { ...process.env, PULUMI_CLI: "/nowhere", ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  try {
    const opened = await firstJson(child.stdout);
    for (const name of ui) {
      const found = opened.find((one) => one.ui === name);
      assert.ok(found?.url, `${name} has no URL`);
      assert.ok(found.user !== undefined && found.password !== undefined, `${name} has no administrator`);
      const { status } = await fetch(found.url, { redirect: "manual", signal: AbortSignal.timeout(30_000) });
      assert.ok(status < 500, `${name} answers ${status}`);
    }
    child.kill("SIGINT");
    assert.equal(await ended, 0);
    for (const { url } of opened) if (url?.startsWith("http://localhost:")) await isClosed(url);
  } finally {
    child.kill();
  }
}

/** The list that the script writes before it waits for Ctrl-C. */
async function firstJson(output: NodeJS.ReadableStream): Promise<Opened[]> {
  let text = "";
  for await (const chunk of output) {
    text += String(chunk);
    if (text.endsWith("]\n")) return JSON.parse(text) as Opened[];
  }
  throw new Error(`make open ended after: ${text}`);
}

/** kubectl takes a moment to end. */
async function isClosed(url: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      await fetch(url);
    } catch {
      return;
    }
    await sleep(100);
  }
  assert.fail(`${url} is still forwarded`);
}
