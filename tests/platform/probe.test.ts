import assert from "node:assert/strict";
import { createServer } from "node:net";
import { answers, isNodePort } from "../../scripts/platform/probe.ts";
import { freePort } from "../free-port.ts";

describe("a probe of a URL", () => {
  it("tells whether something listens there", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    assert.equal(await answers(url), false);
    const server = createServer().listen(port, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    assert.equal(await answers(url), true);
    server.close();
  });

  it("gives up on a host that is silent", async () => {
    assert.equal(await answers("http://192.0.2.1:30080", 0.2), false);
  });

  it("is for node ports", () => {
    assert.equal(isNodePort("http://192.168.49.2:30080"), true);
    assert.equal(isNodePort("https://airflow.example.org"), false);
    assert.equal(isNodePort("http://203.0.113.7"), false);
  });
});
