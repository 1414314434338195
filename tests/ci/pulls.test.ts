// scripts/ci/pulls.ts, with registries that answer from a table.
import assert from "node:assert/strict";
import { stringify } from "yaml";
import { basesOf } from "../../lib/docker/dockerfile.ts";
import { chartProblem, imageProblem, pinnedCharts, pinnedImages } from "../../scripts/ci/pulls.ts";

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Answers each request by the first entry of the table that fits `METHOD url [authorization]`. */
function registry(table: Record<string, Answer>) {
  const asked: string[] = [];
  const get: typeof fetch = (input, { method = "GET", headers } = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const line = [method, url, new Headers(headers).get("authorization") ?? ""].join(" ").trim();
    asked.push(line);
    const { status, headers: answered = {}, body } = table[line] ?? { status: 404 };
    return Promise.resolve(new Response(body ?? null, { status, headers: answered }));
  };
  return { get, asked };
}

describe("what is pinned", () => {
  it("is every public image, every base image and both charts", () => {
    const images = pinnedImages();
    for (const image of ["docker.io/apache/airflow:3.3.2", "docker.io/library/python:3.11.17-slim-bookworm"]) {
      assert.ok(images.includes(image), image);
    }
    for (const image of images) assert.match(image, /^[\w.-]+\.[a-z]+\/[\w./-]+:[\w.-]+$/);
    assert.deepEqual(
      pinnedCharts().map(({ name }) => name),
      ["airflow", "aws-load-balancer-controller"],
    );
  });

  it("of a Dockerfile are its bases, not its own stages", () => {
    const text = "ARG VERSION=1.2\nFROM docker.io/a/b:${VERSION} AS first\nFROM scratch\nFROM first\n";
    assert.deepEqual(basesOf(text), ["docker.io/a/b:1.2"]);
  });

  it("of a Dockerfile are images of a platform and those that files are copied from", () => {
    const text =
      "FROM --platform=$BUILDPLATFORM a/b:1 AS one-stage\nCOPY --from=one-stage /x /\nCOPY --chown=1 --from=c/d:2 / /\n";
    assert.deepEqual(basesOf(text), ["a/b:1", "c/d:2"]);
  });
});

describe("an image", () => {
  const manifest = "HEAD https://registry-1.docker.io/v2/library/redis/manifests/7";
  const challenge =
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:x:pull"';
  const token = "GET https://auth.docker.io/token?scope=repository%3Ax%3Apull&service=registry.docker.io";

  it("is asked for with a token where the registry wants one", async () => {
    const { get, asked } = registry({
      [manifest]: { status: 401, headers: { "www-authenticate": challenge } },
      [token]: { status: 200, body: JSON.stringify({ token: "t" }) },
      [`${manifest} Bearer t`]: { status: 200, headers: { "docker-content-digest": `sha256:${"0".repeat(64)}` } },
    });
    assert.equal(await imageProblem("docker.io/library/redis:7", get), undefined);
    assert.deepEqual(asked, [manifest, token, `${manifest} Bearer t`]);
  });

  it("that is gone has the registry's answer as its problem", async () => {
    const { get } = registry({
      [manifest]: { status: 401, headers: { "www-authenticate": challenge } },
      [token]: { status: 200, body: JSON.stringify({ access_token: "t" }) },
    });
    assert.equal(await imageProblem("docker.io/library/redis:7", get), "HTTP 404");
    assert.equal(await imageProblem("quay.io/gone/image:1", get), "HTTP 404");
  });
});

describe("a chart", () => {
  const chart = { name: "x", version: "1.0.0", repository: "https://charts.example.org/a", digest: "aa" };
  const index = (entry: object) => ({ status: 200, body: stringify({ entries: { x: [entry] } }) });
  const at = "GET https://charts.example.org/a/index.yaml";

  it("is looked up in the index, its package beside it", async () => {
    const { get, asked } = registry({
      [at]: index({ version: "1.0.0", digest: "aa", urls: ["x-1.0.0.tgz"] }),
      "HEAD https://charts.example.org/a/x-1.0.0.tgz": { status: 200 },
    });
    assert.equal(await chartProblem(chart, get), undefined);
    assert.equal(asked.length, 2);
  });

  it("is refused when it is not listed, another package, or gone", async () => {
    const problem = (entry: object) => chartProblem(chart, registry({ [at]: index(entry) }).get);
    assert.equal(await problem({ version: "1.0.1" }), "https://charts.example.org/a/index.yaml does not list it");
    assert.equal(await problem({ version: "1.0.0", digest: "bb" }), "its digest is bb, components/charts.ts has aa");
    assert.equal(await problem({ version: "1.0.0", digest: "aa", urls: ["x-1.0.0.tgz"] }), "HTTP 404");
    assert.equal(await chartProblem(chart, registry({}).get), "index.yaml: HTTP 404");
  });
});
