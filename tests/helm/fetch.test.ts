import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { fetchChart } from "../../scripts/helm/fetch-chart.ts";
import { fetchHelm, helmRelease } from "../../scripts/helm/fetch-helm.ts";

const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Files that a server on this machine answers with. */
let files: Map<string, string | Buffer>;
let asked: string[];
let server: Server;
let site: string;
/** `Authorization` of each request. */
let logins: (string | undefined)[];
let scratch: string;

function serve(): Promise<void> {
  server = createServer(({ url = "", headers }, response) => {
    asked.push(url);
    logins.push(headers.authorization);
    const file = files.get(url);
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      resolve();
    });
  });
}

beforeEach(async () => {
  files = new Map();
  asked = [];
  logins = [];
  scratch = mkdtempSync(join(tmpdir(), "helm-"));
  await serve();
});
afterEach(() => {
  server.close();
  rmSync(scratch, { recursive: true });
});

describe("fetchChart", () => {
  const chart = (digest = sha256("package")) => ({ name: "airflow", version: "1.2.3", digest, repository: site });
  const target = () => join(scratch, "tools", "airflow-1.2.3.tgz");
  const index = (...urls: string[]) =>
    stringify({ entries: { airflow: [{ version: "1.3.0" }, { version: "1.2.3", digest: "any", urls }] } });

  it("takes the version's package from the repository's index, and asks nobody the second time", async () => {
    files.set("/index.yaml", index("packages/airflow-1.2.3.tgz")).set("/packages/airflow-1.2.3.tgz", "package");
    await fetchChart(chart(), target());
    await fetchChart(chart(), target());
    assert.equal(readFileSync(target(), "utf8"), "package");
    assert.deepEqual(asked, ["/index.yaml", "/packages/airflow-1.2.3.tgz"]);
  });

  it("replaces a file of another content", async () => {
    files.set("/airflow.tgz", "package");
    mkdirSync(join(scratch, "tools"));
    writeFileSync(target(), "older");
    await fetchChart({ ...chart(), repository: `${site}/airflow.tgz` }, target());
    assert.equal(readFileSync(target(), "utf8"), "package");
  });

  it("refuses another package than the pinned one, and writes nothing", async () => {
    files.set("/index.yaml", index(`${site}/airflow-1.2.3.tgz`)).set("/airflow-1.2.3.tgz", "another");
    await assert.rejects(fetchChart(chart(), target()), {
      name: "UsageError",
      message: `${site}/airflow-1.2.3.tgz: its sha256 is ${sha256("another")}, and ${sha256("package")} is pinned`,
    });
    assert.ok(!existsSync(join(scratch, "tools")));
  });

  for (const [index, package_] of [
    ["a relative address", () => "airflow-1.2.3.tgz"],
    ["its own host", () => `${site}/airflow-1.2.3.tgz`],
  ] as const) {
    it(`sends the repository's login, and shows it nowhere: an index with ${index}`, async () => {
      const repository = site.replace("//", "//robot:p%40ss@");
      const entries = { airflow: [{ version: "1.2.3", urls: [package_()] }] };
      files.set("/index.yaml", stringify({ entries })).set("/airflow-1.2.3.tgz", "another");
      await assert.rejects(fetchChart({ ...chart(), repository }, target()), {
        message: `${site}/airflow-1.2.3.tgz: its sha256 is ${sha256("another")}, and ${sha256("package")} is pinned`,
      });
      const login = `Basic ${Buffer.from("robot:p@ss").toString("base64")}`;
      assert.deepEqual(logins, [login, login]);
      files.delete("/index.yaml");
      await assert.rejects(fetchChart({ ...chart(), repository }, target()), {
        message: `${site}/index.yaml: HTTP 404`,
      });
    });
  }

  it("sends no other host the repository's login", async () => {
    const elsewhere = site.replace("127.0.0.1", "localhost");
    files.set("/index.yaml", index(`${elsewhere}/airflow-1.2.3.tgz`)).set("/airflow-1.2.3.tgz", "package");
    await fetchChart({ ...chart(), repository: site.replace("//", "//robot:secret@") }, target());
    assert.deepEqual(
      logins.map((login) => login !== undefined),
      [true, false],
    );
  });

  it("says which address has no chart", async () => {
    await assert.rejects(fetchChart(chart(), target()), new RegExp(`${site}/index\\.yaml: HTTP 404$`));
    files.set("/index.yaml", stringify({ entries: {} }));
    await assert.rejects(
      fetchChart(chart(), target()),
      new RegExp(`${site}/index\\.yaml does not list airflow 1\\.2\\.3$`),
    );
    const closed = site;
    await new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    });
    await serve();
    await assert.rejects(
      fetchChart({ ...chart(), repository: closed }, target()),
      /^UsageError: http:\/\/127\.0\.0\.1:\d+\/index\.yaml cannot be reached: \S/,
    );
  });
});

describe("fetchHelm", () => {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const program = '#!/bin/sh\necho "v9.8.7"\n';
  let path: string | undefined;
  beforeEach(() => {
    path = process.env.PATH;
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  /** An archive as helm's project publishes it, with a program that says its version. */
  function archive(): Buffer {
    mkdirSync(join(scratch, platform));
    writeFileSync(join(scratch, platform, "helm"), program);
    chmodSync(join(scratch, platform, "helm"), 0o755);
    execFileSync("tar", ["-czf", join(scratch, "helm.tar.gz"), "-C", scratch, platform]);
    return readFileSync(join(scratch, "helm.tar.gz"));
  }
  const release = (digest: string) => ({
    version: "v9.8.7",
    site,
    archives: { [`${process.platform}-${process.arch}`]: digest },
  });

  it("unpacks the archive of this platform, once", async () => {
    const bytes = archive();
    files.set(`/helm-v9.8.7-${platform}.tar.gz`, bytes);
    const bin = join(scratch, "bin");
    assert.equal(await fetchHelm(bin, release(sha256(bytes))), join(bin, "helm"));
    await fetchHelm(bin, release(sha256(bytes)));
    assert.equal(execFileSync(join(bin, "helm"), { encoding: "utf8" }), "v9.8.7\n");
    assert.equal(asked.length, 1);
    assert.deepEqual(readdirSync(bin), ["helm"]);
  });

  it("runs no archive of another content; without Go it says what to install", async () => {
    files.set(`/helm-v9.8.7-${platform}.tar.gz`, archive());
    process.env.PATH = scratch;
    await assert.rejects(fetchHelm(join(scratch, "bin"), release("0")), {
      name: "UsageError",
      message: new RegExp(`and 0 is pinned\\. Put a helm v9 on PATH, or install Go, which then builds it$`),
    });
    assert.deepEqual(readdirSync(join(scratch, "bin")), []);
  });

  it("takes a helm on PATH of the same major version where the archive cannot be had, and no other", async () => {
    const bin = join(scratch, "bin");
    process.env.PATH = scratch;
    writeFileSync(join(scratch, "helm"), program.replace("v9.8.7", "v9.1.0"));
    chmodSync(join(scratch, "helm"), 0o755);
    assert.equal(await fetchHelm(bin, release("0")), join(scratch, "helm"));
    writeFileSync(join(scratch, "helm"), program.replace("v9.8.7", "v4.1.0"));
    await assert.rejects(fetchHelm(bin, release("0")), /Put a helm v9 on PATH/);
  });

  it("pins an archive for each platform that people deploy from", () => {
    assert.match(helmRelease.version, /^v\d+\.\d+\.\d+$/);
    assert.deepEqual(Object.keys(helmRelease.archives), ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]);
    for (const digest of Object.values(helmRelease.archives)) assert.match(digest, /^[0-9a-f]{64}$/);
  });
});

describe("make chart", () => {
  const top = join(import.meta.dirname, "../..");

  it("says which variable to set where its folder cannot be written to", () => {
    const file = join(scratch, "file");
    writeFileSync(file, "");
    const env = { ...process.env, MLOPS_TOOLS: join(file, "tools") };
    const args = [join(top, "scripts/helm/fetch.ts"), "--only", "helm"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      `scripts/helm/fetch.ts: ${file}/tools cannot be written to (ENOTDIR): set MLOPS_TOOLS to a folder that can\n`,
    );
  });

  it("says how to go on where the repository is not reached", () => {
    const env = { ...process.env, CHART_REPOSITORY: "http://127.0.0.1:1", MLOPS_TOOLS: join(scratch, "tools") };
    const { status, stderr } = spawnSync(process.execPath, [join(top, "scripts/helm/fetch.ts")], {
      encoding: "utf8",
      env,
    });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^scripts\/helm\/fetch\.ts: http:\/\/127\.0\.0\.1:1\/index\.yaml cannot be reached: .* set HTTPS_PROXY; .* `make chart REPOSITORY=https:\/\/…`: docs\/site\.md, .*\n$/,
    );
  });

  it("gives the repository by the environment, since arguments show a login to everyone on the machine", () => {
    const commands = execFileSync("make", ["-n", "chart", "REPOSITORY=https://robot:secret@charts.example.invalid"], {
      cwd: top,
      encoding: "utf8",
    });
    assert.match(commands, /CHART_REPOSITORY="\$REPOSITORY" NODE_USE_ENV_PROXY=1 NODE_USE_SYSTEM_CA=1 /);
    assert.doesNotMatch(commands, /secret/);
  });
});
