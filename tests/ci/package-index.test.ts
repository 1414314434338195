// A site's own package index: a server that asks for a login stands in for it, and nothing else can be reached.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const top = join(import.meta.dirname, "../..");
const wheel = "tiny-1.0-py3-none-any.whl";
const login = "robot:hunter2";
const execute = promisify(execFile);

/** A wheel of one module. */
const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as file:
    file.writestr("tiny.py", "answer = 42\\n")
    file.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    file.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    file.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\\ntiny-1.0.dist-info/METADATA,,\\ntiny-1.0.dist-info/WHEEL,,\\n")
`;

const project = `[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["tiny==1.0"]
[dependency-groups]
build = ["tiny==1.0"]
`;

/** As uv writes it: the files' URLs are PyPI's. */
const lockOf = (hash: string) => `version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "demo"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "tiny" }]

[package.dev-dependencies]
build = [{ name = "tiny" }]

[package.metadata]
requires-dist = [{ name = "tiny", specifier = "==1.0" }]

[package.metadata.requires-dev]
build = [{ name = "tiny", specifier = "==1.0" }]

[[package]]
name = "tiny"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.pythonhosted.org/packages/00/00/00/${wheel}", hash = "sha256:${hash}" }]
`;

describe("a site's own package index", function () {
  this.timeout(120_000);
  let folder = "";
  let server: Server;
  let index = "";
  let asked: string[] = [];
  let environment: NodeJS.ProcessEnv = {};

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "index "));
    await execute("python3", ["-c", makeWheel, join(folder, wheel)]);
    const content = readFileSync(join(folder, wheel));
    writeFileSync(join(folder, "pyproject.toml"), project);
    writeFileSync(join(folder, "uv.lock"), lockOf(createHash("sha256").update(content).digest("hex")));
    server = createServer(({ url = "", headers }, response) => {
      const isKnown = headers.authorization === `Basic ${Buffer.from(login).toString("base64")}`;
      if (isKnown) asked.push(url);
      const page = url === "/simple/tiny/" ? `<a href="../../files/${wheel}">${wheel}</a>` : undefined;
      const body = url === `/files/${wheel}` ? content : page;
      const type = page === undefined ? "application/octet-stream" : "text/html";
      response
        .writeHead(isKnown ? (body === undefined ? 404 : 200) : 401, {
          "www-authenticate": "Basic",
          "content-type": type,
        })
        .end(isKnown ? body : undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    index = `http://${login}@127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
    // The pinned uv is there before the network is gone.
    await execute(join(top, "scripts/uv"), ["--version"]);
    environment = {
      ...process.env,
      ...{
        HTTPS_PROXY: "http://127.0.0.1:9",
        NO_PROXY: "127.0.0.1",
        UV_NO_CACHE: "1",
        UV_HTTP_RETRIES: "0",
        UV_PYTHON: "python3",
      },
      UV_PROJECT_ENVIRONMENT: join(folder, "venv"),
    };
  });
  beforeEach(() => {
    asked = [];
    rmSync(join(folder, "venv"), { recursive: true, force: true });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** The settings that a build mounts, as scripts/images writes them. */
  async function settings(): Promise<Record<string, string>> {
    const program =
      "import json, os; from build_site import read_site; print(json.dumps(read_site('', os.environ).files))";
    const env = { ...process.env, PYTHONPATH: join(top, "scripts"), PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout } = await execute("python3", ["-c", program], { env: { ...env, PIP_INDEX_URL: index } });
    return JSON.parse(stdout) as Record<string, string>;
  }

  /** The command by which a Dockerfile installs what is locked, on this machine. */
  function installing(dockerfile: string): string {
    const [command = ""] = /^RUN .*(?:\\\n.*)*uv export(?:.*\\\n)*.*$/m.exec(dockerfile) ?? [];
    return command
      .replace(/^RUN (--mount=\S+ *(\\\n)? *)*/, "")
      .replaceAll(/\/opt\/uv\/bin\/uv\b|(?<![\w/])uv (?=export|venv|pip)/g, '"$UV" ')
      .replaceAll(/\/opt\/(?:venv|mlflow|backup|provision)\b/g, '"$UV_PROJECT_ENVIRONMENT"');
  }

  const dockerfiles = globSync("images/*/Dockerfile", { cwd: top })
    .map((path) => [path, readFileSync(join(top, path), "utf8")] as const)
    .filter(([, text]) => text.includes("uv.lock"));

  for (const [path, text] of dockerfiles.toSorted()) {
    it(`gives ${path} the packages of its lock`, async () => {
      writeFileSync(join(folder, "uv.toml"), (await settings())["uv.toml"] ?? "");
      const env = { ...environment, UV: join(top, "scripts/uv"), UV_CONFIG_FILE: join(folder, "uv.toml") };
      await execute("sh", ["-euc", installing(text)], { cwd: folder, env });
      assert.deepEqual(asked, ["/simple/tiny/", `/files/${wheel}`]);
      const { stdout } = await execute(join(folder, "venv/bin/python"), ["-c", "import tiny; print(tiny.answer)"]);
      assert.equal(stdout, "42\n");
    });
  }

  it("is refused where a file is not the locked one", async () => {
    const lock = readFileSync(join(folder, "uv.lock"), "utf8");
    writeFileSync(join(folder, "uv.lock"), lock.replace(/sha256:\w+/, `sha256:${"0".repeat(64)}`));
    const env = { ...environment, UV_DEFAULT_INDEX: index };
    const text = dockerfiles[0]?.[1] ?? "";
    const failed = execute("sh", ["-euc", installing(text)], {
      cwd: folder,
      env: { ...env, UV: join(top, "scripts/uv") },
    });
    await assert.rejects(failed, /Hash mismatch/);
    writeFileSync(join(folder, "uv.lock"), lock);
  });

  it("serves scripts/uv on this machine", async () => {
    const args = ["run", "--quiet", "--frozen", "--project", folder, "--group", "build", "python"];
    const program = ["-c", "import tiny; print(tiny.answer)"];
    const run = (env: NodeJS.ProcessEnv) => execute(join(top, "scripts/uv"), [...args, ...program], { env });
    await assert.rejects(run(environment), /files\.pythonhosted\.org/);
    for (const name of ["UV_DEFAULT_INDEX", "PIP_INDEX_URL"]) {
      asked = [];
      rmSync(join(folder, "venv"), { recursive: true, force: true });
      const { stdout } = await run({ ...environment, [name]: index });
      assert.equal(stdout, "42\n");
      assert.ok(asked.includes(`/files/${wheel}`), name);
    }
  });

  it("is where scripts/uv takes uv itself from", async () => {
    const checkout = join(folder, "checkout");
    mkdirSync(join(checkout, "scripts"), { recursive: true });
    cpSync(join(top, "scripts/uv"), join(checkout, "scripts/uv"));
    // Another version on PATH is not used.
    writeFileSync(join(checkout, "uv"), "#!/bin/sh\necho uv 0.0.0\n", { mode: 0o755 });
    const PATH = `${checkout}:${process.env.PATH ?? ""}`;
    // pip reads PIP_INDEX_URL by itself.
    const env = { ...environment, PATH, UV_DEFAULT_INDEX: index };
    await assert.rejects(execute(join(checkout, "scripts/uv"), ["--version"], { env }), /No matching distribution/);
    assert.deepEqual(asked, ["/simple/uv/"]);
  });

  it("is in the settings of pip, too", async () => {
    assert.deepEqual(await settings(), {
      "pip.conf": `[global]\ncert = /etc/ssl/certs/ca-certificates.crt\nindex-url = ${index}\ntrusted-host = ${new URL(index).host}\n`,
      "uv.toml": `[[index]]\nurl = "${index}"\ndefault = true\n`,
    });
  });
});
