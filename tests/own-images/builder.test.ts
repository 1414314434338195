import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builderProblem } from "../../components/own-images/builder.ts";

describe("what builds images", () => {
  let folder: string;
  const path = process.env.PATH;
  const none = () => ({ DOCKER_CONFIG: join(folder, "config"), DOCKER_HOST: `unix://${folder}/none.sock` });
  const docker = (script: string) => {
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "docker"), 0o755);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "builder-"));
    process.env.PATH = `${folder}:/nowhere`;
  });

  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  });

  it("is Docker's engine, where it answers", async () => {
    docker("echo 28.2.2");
    assert.equal(await builderProblem(none()), undefined);
  });

  it("is told where the engine does not answer, in the client's words", async () => {
    docker(
      "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1",
    );
    const problem = await builderProblem(none());
    assert.equal(
      problem,
      "Docker's engine does not answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
    );
  });

  it("is told where there is neither Docker nor a builder elsewhere", async () => {
    assert.equal(await builderProblem(none()), "Docker is not installed, and Buildx has no builder elsewhere");
  });

  it("is an engine without a client, since the provider brings that with it", async () => {
    const server = createServer().listen(join(folder, "engine.sock"));
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      assert.equal(await builderProblem({ ...none(), DOCKER_HOST: `unix://${folder}/engine.sock` }), undefined);
    } finally {
      server.close();
    }
  });

  const instance = (driver: string) => {
    const instances = join(folder, "config/buildx/instances");
    mkdirSync(instances, { recursive: true });
    writeFileSync(join(instances, "team"), JSON.stringify({ Name: "team", Driver: driver }));
  };

  it("is a builder of Buildx that runs elsewhere, without an engine", async () => {
    instance("remote");
    assert.equal(await builderProblem(none()), undefined);
  });

  it("is not a builder in a container, for which the engine is missing", async () => {
    instance("docker-container");
    assert.notEqual(await builderProblem(none()), undefined);
  });
});
