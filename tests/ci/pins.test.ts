// scripts/ci/pins.ts, against a registry on this machine that wants a token.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockText, parseLock } from "../../components/image-lock.ts";
import { newerTag } from "../../scripts/ci/newer.ts";
import { pinsTable, renew } from "../../scripts/ci/pins.ts";
import { manifestOf, tagsOf } from "../../scripts/ci/registry.ts";
import { manifestText, type Registry, type Repository, startRegistry } from "./registry-server.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const today = "2026-11-30";

describe("a registry", () => {
  let registry: Registry;
  const start = async (repositories: Record<string, Repository>) => (registry = await startRegistry(repositories));
  afterEach(() => registry.close());

  it("is asked for a digest without and then with a token", async () => {
    const { host, asked } = await start({ "library/redis": { digests: { "7.4.11": digest("a") } } });
    assert.deepEqual(await manifestOf(`${host}/library/redis:7.4.11`), { digest: digest("a") });
    const manifest = "HEAD /v2/library/redis/manifests/7.4.11";
    assert.deepEqual(asked, [manifest, "GET /token", manifest]);
  });

  it("that names no digest is asked for the manifest, which is hashed", async () => {
    const { host } = await start({ x: { digests: { "1.0.0": digest("a") }, namesDigest: false } });
    const hash = createHash("sha256").update(manifestText("1.0.0")).digest("hex");
    assert.deepEqual(await manifestOf(`${host}/x:1.0.0`), { digest: `sha256:${hash}` });
  });

  it("that names something else as a digest is not believed", async () => {
    const { host } = await start({ x: { digests: { "1.0.0": "sha256:short" } } });
    assert.deepEqual(await manifestOf(`${host}/x:1.0.0`), { problem: "its digest is sha256:short" });
  });

  it("is asked for its tags page by page", async () => {
    const tags = ["1.0.0", "1.0.1", "1.0.2", "1.1.0", "2.0.0"];
    const { host } = await start({ x: { digests: Object.fromEntries(tags.map((tag) => [tag, ""])), pageSize: 2 } });
    assert.deepEqual(await tagsOf(`${host}/x`), tags);
    await assert.rejects(tagsOf(`${host}/gone`), /tags: HTTP 404/);
  });
});

describe("make pins", () => {
  let folder: string;
  let registry: Registry;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pins-test-"))));
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await registry.close();
  });

  it("writes digests, keeps what no registry answers for, and drops what is no longer pinned", async () => {
    registry = await startRegistry({
      redis: { digests: { "7.4.11": digest("b"), "7.4.12": digest("c"), "7.5.0": digest("d") } },
      grafana: { digests: { "13.0.1": digest("e") }, failures: [500] },
      same: { digests: { "1.0.0": digest("f") } },
    });
    const at = (path: string) => `${registry.host}/${path}`;
    // Nothing listens there: the port is reserved.
    const unreachable = "127.0.0.1:1/x:1.0.0";
    const file = join(folder, "lock.json");
    const earlier = {
      [at("redis:7.4.11")]: { digest: digest("a"), seen: "2026-01-01" },
      [at("same:1.0.0")]: { digest: digest("f"), seen: "2026-01-02" },
      [unreachable]: { digest: digest("9"), seen: "2026-01-03" },
      "docker.io/library/old:1.0.0": { digest: digest("8"), seen: "2026-01-04" },
    };
    writeFileSync(file, lockText(earlier));
    const images = [at("redis:7.4.11"), at("grafana:13.0.1"), at("same:1.0.0"), at("gone:1.0.0"), unreachable];
    const { pins, lock, gone } = await renew(images, file, today, 1);
    assert.deepEqual(parseLock(readFileSync(file, "utf8")), {
      [at("redis:7.4.11")]: { digest: digest("b"), seen: today },
      [at("grafana:13.0.1")]: { digest: digest("e"), seen: today },
      [at("same:1.0.0")]: { digest: digest("f"), seen: "2026-01-02" },
      [unreachable]: { digest: digest("9"), seen: "2026-01-03" },
    });
    assert.deepEqual(gone, ["docker.io/library/old:1.0.0"]);
    assert.deepEqual(lock, earlier);
    const lines = pinsTable(pins, lock)
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    assert.deepEqual(lines.slice(0, 5), [
      ["Image", "digest", "newer patch", "no answer"],
      [at("redis:7.4.11"), "changed", "7.4.12"],
      [at("grafana:13.0.1"), "new"],
      [at("same:1.0.0"), "unchanged"],
      [at("gone:1.0.0"), "none", "HTTP 404"],
    ]);
    assert.match(lines[5]?.join(" ") ?? "", /^127\.0\.0\.1:1\/x:1\.0\.0 kept .*(ECONNREFUSED|bad port)/);
  });

  it("begins a lock where there is none, sorted whatever the order of the images", async () => {
    const { host } = (registry = await startRegistry({
      x: { digests: { "1.0.0": digest("a") } },
      w: { digests: { "1.0.0": digest("b") } },
    }));
    const file = join(folder, "lock.json");
    await renew([`${host}/x:1.0.0`, `${host}/w:1.0.0`], file, today, 1);
    assert.deepEqual(Object.keys(parseLock(readFileSync(file, "utf8"))), [`${host}/w:1.0.0`, `${host}/x:1.0.0`]);
  });
});

describe("a newer tag", () => {
  const cases: [image: string, tags: string[], newer: string | undefined, why: string][] = [
    ["x:1.2.3", ["1.2.4", "1.2.10", "1.3.0", "2.0.0"], "1.2.10", "is the highest patch of the minor, by number"],
    ["x:v1.2.3", ["v1.2.4", "1.2.5"], "v1.2.4", "begins as the pinned one"],
    ["x:1.2.3-slim", ["1.2.4", "1.2.4-alpine", "1.2.4-slim"], "1.2.4-slim", "is of the same variant"],
    ["x:1.2.3", ["1.2.4-rc1", "1.2.4rc1"], undefined, "is no pre-release"],
    ["x:1.2.3", ["1.2.3", "1.2.2"], undefined, "is not an older one"],
    ["library/postgres:18.6-bookworm", ["18.7-bookworm", "18.8", "19.0-bookworm"], "18.7-bookworm", "of Postgres"],
    [
      "pgsty/silo:RELEASE.2026-09-16T00-00-00Z-distroless",
      [
        "RELEASE.2026-10-01T00-00-00Z",
        "RELEASE.2026-10-02T00-00-00Z-distroless",
        "RELEASE.2026-09-03T13-18-01Z-distroless",
      ],
      "RELEASE.2026-10-02T00-00-00Z-distroless",
      "of stamps of time is the latest",
    ],
    [
      "debian:bookworm-20260803-slim",
      ["trixie-20260901-slim", "bookworm-20260901-slim"],
      "bookworm-20260901-slim",
      "of dates",
    ],
    ["x:4f2c1de", ["4f2c1df"], undefined, "of commits is not known"],
  ];
  for (const [image, tags, newer, why] of cases) {
    it(`${why}: ${image}`, () => assert.equal(newerTag(image, tags), newer));
  }
});
