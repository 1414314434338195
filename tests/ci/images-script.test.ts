// scripts/images, with recorders in place of docker, buildah and minikube.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownImages } from "../../components/images.ts";

const withoutSite = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]
    .flatMap((name) => [name, name.toLowerCase()])
    .concat("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "DEBIAN_MIRROR")
    .map((name) => [name, ""]),
);

const top = join(import.meta.dirname, "../..");

describe("scripts/images", function () {
  this.timeout(60_000);
  let folder = "";
  let calls = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "images-test-"));
    calls = join(folder, "calls");
    writeFileSync(calls, "");
    for (const name of ["docker", "buildah", "minikube"]) install(name, "exit 127");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Puts a program in front of PATH that records how it is called. */
  function install(name: string, body = ""): void {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>"$CALLS"\n${body}\n`);
    chmodSync(path, 0o755);
  }

  function run(args: string[], environment: Record<string, string> = {}) {
    const cleared = {
      REGISTRY: "",
      TAG: "",
      STACK: "",
      PLATFORM: "",
      IMAGE_BUILDER: "",
      IMAGE_BUILD_OPTIONS: "",
      IMAGE_LOADER: "",
      ...withoutSite,
    };
    const { status, stdout, stderr } = spawnSync(join(top, "scripts/images"), args, {
      encoding: "utf8",
      env: { ...process.env, ...cleared, PATH: `${folder}:${process.env.PATH ?? ""}`, CALLS: calls, ...environment },
    });
    return { status, stdout, stderr, calls: readFileSync(calls, "utf8").trimEnd().split("\n") };
  }

  it("lists the images that the program uses, each with a Dockerfile", () => {
    const bake = JSON.parse(readFileSync(join(top, "images/docker-bake.json"), "utf8")) as {
      group: { default: { targets: string[] } };
      target: Record<string, { context: string }>;
    };
    assert.deepEqual(bake.group.default.targets, [...ownImages]);
    assert.deepEqual(Object.keys(bake.target), [...ownImages]);
    const folders = readdirSync(join(top, "images"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(folders.map(({ name }) => name).sort(), [...ownImages].sort());
    for (const { context } of Object.values(bake.target)) assert.ok(existsSync(join(top, context, "Dockerfile")));
  });

  it("builds for the machines of the stack that it pushes for", () => {
    install("docker");
    const environment = { REGISTRY: "registry.example.org/mlops", STACK: "gke" };
    const { status, stderr, calls } = run(["pageviews"], environment);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /building for linux\/amd64, the processors of the machines in Pulumi\.gke\.yaml/);
    assert.ok(
      calls.includes("docker buildx bake --file images/docker-bake.json --load --set=*.platform=linux/amd64 pageviews"),
    );
    assert.ok(calls.includes("docker push --quiet registry.example.org/mlops/pageviews:0.1.0"));
    assert.match(
      run(["pageviews"], { ...environment, STACK: "minikube" }).stderr,
      /building for this machine's processor/,
    );
  });

  it("builds for the processors that are named, and pushes those of several as one", () => {
    install("docker");
    const environment = { REGISTRY: "registry.example.org/mlops", PLATFORM: "linux/amd64,linux/arm64" };
    const { calls } = run(["pageviews"], environment);
    const bake =
      "docker buildx bake --file images/docker-bake.json --push --set=*.platform=linux/amd64,linux/arm64 pageviews";
    assert.deepEqual(calls, ["docker buildx version", "docker info", bake]);
    install("buildah");
    const name = "registry.example.org/mlops/pageviews:0.1.0";
    assert.deepEqual(run(["pageviews"], { ...environment, IMAGE_BUILDER: "buildah" }).calls.slice(calls.length), [
      `buildah build --layers --manifest ${name} --platform linux/amd64,linux/arm64 images/pageviews`,
      `buildah manifest push --all --quiet ${name} docker://${name}`,
    ]);
    assert.match(run(["pageviews"], { PLATFORM: "linux/amd64,linux/arm64" }).stderr, /set REGISTRY too/);
    assert.match(run(["pageviews"], { PLATFORM: "linux/386" }).stderr, /allowed: linux\/amd64, linux\/arm64, or both/);
  });

  it("lets buildx bake the file where an engine answers", () => {
    install("docker");
    const { status, calls } = run(["mlflow", "backup"], { IMAGE_BUILD_OPTIONS: "--no-cache" });
    assert.equal(status, 0);
    const bake = "docker buildx bake --file images/docker-bake.json --load --no-cache backup mlflow";
    assert.deepEqual(calls, ["docker buildx version", "docker info", bake]);
  });

  /** Installs a builder that keeps the files that it is given. */
  function installKeeping(name: string): void {
    const copy = `for word in $(echo "$*" | tr ' =,' '\\n\\n\\n'); do case $word in */images-*/*) cp "$word" "${folder}/seen-\${word##*/}";; esac; done`;
    const secrets = `[ -f "${folder}/seen-site.json" ] && for word in $(tr '",=' '\\n\\n\\n' <"${folder}/seen-site.json"); do case $word in */images-*/*) cp "$word" "${folder}/seen-\${word##*/}";; esac; done`;
    install(name, `${copy}\n${secrets}\ntrue`);
  }
  const seen = (name: string) => readFileSync(join(folder, `seen-${name}`), "utf8");

  it("passes the proxies of its environment to the builds, and none among the arguments", () => {
    installKeeping("docker");
    const proxies = { HTTPS_PROXY: "http://robot:secret@proxy.corp.example:3128", no_proxy: ".corp.example" };
    const { status, calls } = run(["mlflow", "backup"], proxies);
    assert.equal(status, 0);
    assert.match(
      calls.at(-1) ?? "",
      /--file images\/docker-bake\.json --file=\S+\/images-\w+\/site\.json --load backup mlflow$/,
    );
    assert.ok(!calls.join().includes("secret"));
    const target = { backup: { args: proxies }, mlflow: { args: proxies } };
    assert.deepEqual(JSON.parse(seen("site.json")), { target });
  });

  describe("behind a site's walls", () => {
    const stackFile = join(top, "Pulumi.images-test.yaml");
    const index = "https://robot:hunter2@pypi.corp.example/simple";
    const mirrored = "mirror.corp.example/hub/library/python:3.11.17-slim-bookworm";
    const environment = { STACK: "images-test", UV_DEFAULT_INDEX: index, DEBIAN_MIRROR: "http://debian.corp.example" };
    before(() => cpSync(join(top, "examples/stacks/corporate.yaml"), stackFile));
    after(() => rmSync(stackFile));

    function assertFiles(): void {
      assert.match(seen("pip.conf"), /^index-url = https:\/\/robot:hunter2@pypi\.corp\.example\/simple$/m);
      assert.match(seen("uv.toml"), /^url = "https:\/\/robot:hunter2@pypi\.corp\.example\/simple"\ndefault = true$/m);
      assert.match(seen("debian.list"), /^deb http:\/\/debian\.corp\.example bookworm main$/m);
      assert.match(seen("apt.conf"), /SourceParts "-";/);
      assert.match(seen("pip.conf"), /^cert = \/run\/secrets\/ca\.pem$/m);
      // The site's authority beside the public ones.
      assert.ok(seen("ca.pem").split("BEGIN CERTIFICATE").length > 50);
    }

    it("gives buildx the mirrors, the proxy and the secrets in one file", () => {
      installKeeping("docker");
      const { status, stderr, calls } = run(["pageviews"], environment);
      assert.equal(status, 0, stderr);
      const { target } = JSON.parse(seen("site.json")) as {
        target: Record<string, { args: object; contexts: Record<string, string>; secret: string[] }>;
      };
      assert.deepEqual(Object.keys(target), ["pageviews"]);
      assert.equal(target.pageviews?.contexts["python:3.11.17-slim-bookworm"], `docker-image://${mirrored}`);
      assert.deepEqual(target.pageviews.args, {
        HTTP_PROXY: "http://proxy.corp.example:3128",
        HTTPS_PROXY: "http://proxy.corp.example:3128",
        NO_PROXY: ".corp.example,10.0.0.0/8",
      });
      assert.deepEqual(
        target.pageviews.secret.map((one) => one.replace(/,src=.*/, "")),
        ["pip.conf", "uv.toml", "apt.conf", "debian.list", "ca.pem"].map((name) => `type=file,id=${name}`),
      );
      assertFiles();
      assert.ok(!`${calls.join()}${stderr}${seen("site.json")}`.includes("hunter2"));
    });

    it("keeps the stack's proxy where the environment names exceptions alone", () => {
      installKeeping("docker");
      const { status, stderr } = run(["pageviews"], { ...environment, no_proxy: "localhost" });
      assert.equal(status, 0, stderr);
      const { target } = JSON.parse(seen("site.json")) as { target: Record<string, { args: object }> };
      assert.deepEqual(target.pageviews?.args, {
        HTTP_PROXY: "http://proxy.corp.example:3128",
        HTTPS_PROXY: "http://proxy.corp.example:3128",
        no_proxy: "localhost",
      });
    });

    it("gives them to buildah as options and variables, and leaves no file", () => {
      installKeeping("buildah");
      const { status, stderr, calls } = run(["pageviews"], environment);
      assert.equal(status, 0, stderr);
      const call = calls.at(-1) ?? "";
      assert.ok(
        call.includes(`--build-context=docker.io/library/python:3.11.17-slim-bookworm=docker-image://${mirrored}`),
      );
      const paths = [...call.matchAll(/--secret=id=[\w.]+,src=(\S+)/g)].map(([, path = ""]) => path);
      assert.equal(paths.length, 5);
      assert.ok(!paths.some((path) => existsSync(path)));
      assertFiles();
      assert.ok(!`${calls.join()}${stderr}`.includes("hunter2"));
    });

    it("names every variable that is not a URL on a line of its own, and shows no login", () => {
      install("buildah");
      const wrong = {
        HTTP_PROXY: "robot:hunter2@proxy.corp.example",
        https_proxy: "http://robot:hunter2@proxy.corp.example:none",
        UV_DEFAULT_INDEX: "robot:hunter2@pypi.corp.example",
      };
      const { status, stderr, calls } = run(["pageviews"], wrong);
      assert.equal(status, 1);
      const proxy = "is not a URL such as http://proxy.corp.example:3128";
      assert.deepEqual(stderr.split("\n"), [
        "scripts/images: the environment of the build is wrong:",
        `  HTTP_PROXY ${proxy}`,
        `  https_proxy ${proxy}`,
        "  UV_DEFAULT_INDEX is not a URL such as https://pypi.corp.example/simple",
        "",
      ]);
      assert.ok(!calls.some((call) => call.startsWith("buildah build")));
    });

    it("says of wrong keys of the stack what its configuration says, for that stack", () => {
      install("buildah");
      const keys = [
        "cluster: { kind: existing, context: team, storageClass: fast }",
        "proxy: { http: a:1, https: b:2 }",
      ];
      const file = join(top, "Pulumi.images-wrong.yaml");
      writeFileSync(file, ["config:", ...keys.map((key) => `  mlops:${key}`), ""].join("\n"));
      try {
        const { status, stderr } = run(["pageviews"], { STACK: "images-wrong" });
        assert.equal(status, 1);
        const problems = ["http", "https"].flatMap((key) => [
          `  proxy.${key}: found`,
          `    fix: scripts/pulumi config set --stack images-wrong --path 'proxy.${key}' http://`,
        ]);
        const lines = ["scripts/images: the stack's configuration has 2 problems:", ...problems, ""];
        assert.equal(stderr.split("\n").length, lines.length, stderr);
        for (const [number, line] of stderr.split("\n").entries())
          assert.ok(line.startsWith(lines[number] ?? "-"), line);
      } finally {
        rmSync(file);
      }
    });
  });

  it("builds the same targets with buildah where none answers", () => {
    install("docker", '[ "$1" = buildx ]');
    install("buildah");
    const { status, calls } = run(["airflow", "provision"], { IMAGE_BUILD_OPTIONS: "--isolation 'chroot'" });
    assert.equal(status, 0);
    assert.deepEqual(calls.slice(2), [
      "buildah build --layers --tag localhost/mlops/airflow:0.1.0 --build-context dags=dags --isolation chroot images/airflow",
      "buildah build --layers --tag localhost/mlops/provision:0.1.0 --isolation chroot images/provision",
    ]);
  });

  it("pushes to REGISTRY under TAG", () => {
    install("buildah");
    const { calls } = run(["provision"], { REGISTRY: "registry.example/team", TAG: "2.0.0" });
    assert.deepEqual(calls.slice(1), [
      "buildah build --layers --tag registry.example/team/provision:2.0.0 images/provision",
      "buildah push --quiet registry.example/team/provision:2.0.0 docker://registry.example/team/provision:2.0.0",
    ]);
  });

  it("loads with minikube's own loader", () => {
    install("buildah");
    install("minikube");
    const { status, calls } = run(["--load", "provision"]);
    assert.equal(status, 0);
    assert.match(
      calls.at(-2) ?? "",
      /^buildah push --quiet localhost\/mlops\/provision:0.1.0 docker-archive:(\S+\.tar):localhost\/mlops\/provision:0.1.0$/,
    );
    assert.match(calls.at(-1) ?? "", /^minikube image load \S+\/provision\.tar$/);
  });

  it("loads with the caller's command, which gets the archive and the name", () => {
    install("buildah");
    install("my-loader");
    const { status, calls } = run(["--load", "provision"], { IMAGE_LOADER: "my-loader 'to here'" });
    assert.equal(status, 0);
    assert.match(calls.at(-1) ?? "", /^my-loader to here \S+\/provision\.tar localhost\/mlops\/provision:0\.1\.0$/);
  });

  it("says before building that there is no cluster to load into", () => {
    install("buildah");
    const { status, stderr, calls } = run(["--load"]);
    assert.equal(status, 1);
    assert.match(stderr, /^scripts\/images: there is no cluster to load the images into: start minikube [^\n]+\n$/);
    assert.ok(!calls.some((call) => call.startsWith("buildah build")));
  });

  it("shows the output of a failed build, and one sentence", () => {
    install("buildah", "echo no space left; exit 3");
    const { status, stderr } = run(["provision"]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /no space left\nscripts\/images: `buildah build .* images\/provision` failed with exit code 3\. If it reached no registry or package index: docs\/site\.md, .+\n$/,
    );
  });

  it("lists sizes as a table and as JSON, and what is not built", () => {
    install("buildah", `[ "$3" = localhost/mlops/backup:0.1.0 ] && exit 125; echo '[{"size": "317 MB"}]'`);
    const { status, stdout, calls } = run(["--sizes", "backup", "provision"]);
    assert.equal(status, 0);
    const [table = "", json = ""] = stdout.split("\n\n");
    assert.deepEqual(table.split("\n"), [
      "Image                                 size",
      "localhost/mlops/backup:0.1.0     not built",
      "localhost/mlops/provision:0.1.0     317 MB",
    ]);
    assert.deepEqual(JSON.parse(json), {
      images: [
        { name: "localhost/mlops/backup:0.1.0", size: null },
        { name: "localhost/mlops/provision:0.1.0", size: "317 MB" },
      ],
    });
    assert.ok(!calls.some((call) => call.startsWith("buildah build")));
  });

  it("names the images that there are", () => {
    const { status, stderr } = run(["tensorflow"]);
    assert.equal(status, 1);
    assert.equal(stderr, `scripts/images: there is no image tensorflow; there are ${ownImages.join(", ")}\n`);
  });
});
