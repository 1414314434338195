import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { ImageRegistry } from "../../components/cluster/cluster.ts";
import type { Build } from "../../components/own-images/build.ts";
import { notBuilt, usedImages } from "../../components/own-images/planned.ts";
import { builtImages, referenceOf } from "../../components/own-images/references.ts";
import { ownImages } from "../../components/images.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";

const build: Build = {
  name: "mlflow",
  tag: "0123456789abcdef",
  dockerfile: "FROM docker.io/library/python:3.11.17-slim-bookworm\n",
  context: [],
  contexts: { dags: [] },
  args: {},
  target: undefined,
  platforms: ["linux/amd64", "linux/arm64"],
};
const place = "node_modules/.cache/images/mlflow-0123456789abcdef";
const address = "europe-west4-docker.pkg.dev/acme-ml/mlops";
const tagged = `${address}/mlflow:0123456789abcdef`;

class Repository extends pulumi.ComponentResource {
  constructor() {
    super("mlops:test:Repository", "repository");
    new RandomId("repository", { byteLength: 1 }, { parent: this });
  }
}

const registryOf = (repository: pulumi.Resource): ImageRegistry => ({
  address: pulumi.output(address),
  plannedAddress: () => Promise.resolve(address),
  login: () => pulumi.secret({ username: "oauth2accesstoken", password: "token" }),
  ready: [repository],
});

async function recorded(config: { imageMirror?: string } = {}) {
  const found: { built?: Awaited<ReturnType<typeof builtImages>> } = {};
  const mirrors = { imageMirror: "", imageMirrors: {}, ...config };
  const program = async () => {
    found.built = await builtImages([build], mirrors, { registry: registryOf(new Repository()) });
  };
  const { resources } = await record(program, { dryRun: true });
  return { resources, built: found.built, image: resources.find(({ name }) => name === "images-mlflow") };
}

describe("the platform's own images", () => {
  it("are built by content for the nodes and pushed with a login, once there is a registry", async () => {
    const { image, built } = await recorded();
    assert.deepEqual(image?.inputs, {
      buildOnPreview: false,
      context: { location: `${place}/context`, named: { dags: { location: `${place}/contexts/dags` } } },
      dockerfile: { location: `${place}/Dockerfile` },
      network: "default",
      platforms: ["linux/amd64", "linux/arm64"],
      push: true,
      registries: [{ address: "europe-west4-docker.pkg.dev", username: "oauth2accesstoken", password: "token" }],
      tags: [tagged],
    });
    assert.deepEqual([image.type, image.retainOnDelete, image.protect], ["docker-build:index:Image", true, false]);
    assert.ok(image.dependencies.some((urn) => urn.endsWith("RandomId::repository")));
    assert.ok(
      image.secretPaths.some((path) => path.startsWith("registries")),
      JSON.stringify(image.secretPaths),
    );
    assert.deepEqual(built, { registry: address, references: { mlflow: tagged } });
  });

  it("begin with images of the site's mirror", async () => {
    const { image } = await recorded({ imageMirror: "mirror.corp.example/hub" });
    assert.deepEqual((image?.inputs.context as { named: object }).named, {
      dags: { location: `${place}/contexts/dags` },
      "docker.io/library/python:3.11.17-slim-bookworm": {
        location: "docker-image://mirror.corp.example/hub/library/python:3.11.17-slim-bookworm",
      },
    });
  });

  it("are not built where they are published", async () => {
    assert.equal(await builtImages([], { imageMirror: "", imageMirrors: {} }, { registry: undefined }), undefined);
  });

  it("are those that the stack's pods may have", () => {
    const cluster = { kind: "gke", project: "acme-ml-prod", region: "europe-west4" };
    const of = (config: object) => usedImages(validate({ cluster, ...config }));
    assert.deepEqual(of({}), [...ownImages]);
    const git = { kind: "git", repository: "https://git.example.org/team/dags.git" };
    const without = (name: string) => ownImages.filter((each) => each !== name);
    assert.deepEqual(of({ airflow: { dags: git } }), without("airflow"));
    assert.deepEqual(of({ airflow: { image: "registry.acme.com/airflow:1.2.3" } }), without("airflow"));
    assert.deepEqual(of({ backup: { enabled: false } }), without("backup"));
  });

  it("need a builder only where their content was not pushed", () => {
    const deployed = (tag: string) => ({ mlflow: `${address}/mlflow:${tag}@sha256:${"0".repeat(64)}` });
    assert.deepEqual(notBuilt([build], deployed(build.tag)), []);
    assert.deepEqual(notBuilt([build], deployed("fedcba9876543210")), ["mlflow"]);
    assert.deepEqual(notBuilt([build], undefined), ["mlflow"]);
  });
});

describe("the reference of a pushed image", () => {
  const digested = `${tagged}@sha256:${"0".repeat(64)}`;
  const during = async (dryRun: boolean, pushed: unknown) => {
    const found: { reference?: string } = {};
    const program = async () => {
      found.reference = await referenceOf(pulumi.output(pushed as string), tagged);
    };
    await record(program, { dryRun });
    return found.reference;
  };

  it("has its digest, in a preview too where the state has it", async () => {
    assert.equal(await during(false, digested), digested);
    assert.equal(await during(true, digested), digested);
  });

  it("is the tag in a preview of an image that has to be built", async () => {
    assert.equal(await during(true, pulumi.runtime.unknownValue), tagged);
    assert.equal(await during(true, tagged), tagged);
    assert.equal(await during(true, undefined), tagged);
  });

  it("is none in an update that did not push it", async () => {
    await assert.rejects(during(false, pulumi.runtime.unknownValue), /was not pushed/);
    await assert.rejects(during(false, `${address}/mlflow:other@sha256:0`), /was not pushed/);
  });
});
