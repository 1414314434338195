import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server } from "node:net";
import { once } from "node:events";
import { freePort } from "../free-port.ts";
import { askForTunnel, type Proxy, startProxy } from "../e2e/company/proxy.ts";

const login = { user: "robot", password: "pass:word" };

describe("the proxy of the corporate example", () => {
  let inside: Server;
  let proxy: Proxy;
  let url: string;
  beforeEach(async () => {
    inside = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await once(inside, "listening");
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const routes = { "wikimedia.org": (inside.address() as AddressInfo).port };
    proxy = await startProxy({ host: "127.0.0.1", port }, login, routes);
  });
  afterEach(async () => {
    await proxy.stop();
    inside.close();
  });

  it("opens a tunnel to a name that it knows, and refuses nothing", async () => {
    assert.equal(await askForTunnel(url, "wikimedia.org:443", login), 200);
    assert.deepEqual([[...proxy.asked], [...proxy.refused]], [["wikimedia.org"], []]);
  });

  it("says of each refusal why", async () => {
    const wrong = { ...login, password: "other" };
    const statuses = [
      await askForTunnel(url, "wikimedia.org:443"),
      await askForTunnel(url, "mirror.example.org:443", wrong),
      await askForTunnel(url, "elsewhere.example.org:443", login),
      (await fetch(`${url}/plain`)).status,
    ];
    assert.deepEqual(statuses, [407, 407, 403, 403]);
    assert.deepEqual([...proxy.asked], []);
    assert.deepEqual(
      [...proxy.refused],
      [
        "wikimedia.org: no login",
        "mirror.example.org: no login",
        "elsewhere.example.org: not a name of outside",
        "/plain: not a tunnel",
      ],
    );
  });
});
