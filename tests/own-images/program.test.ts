import assert from "node:assert/strict";
import program from "../../index.ts";
import { at, listAt, textAt } from "../../lib/json.ts";
import type { Recording } from "../../lib/recording.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { fields, registration } from "../program/registrations.ts";

const projects = JSON.stringify([{ name: "pageviews" }]);
const gke = JSON.stringify({ kind: "gke", project: "acme-ml-prod", region: "europe-west4" });
const eks = JSON.stringify({ kind: "eks", region: "eu-central-1" });
const imageType = "docker-build:index:Image";

const tagsOf = ({ resources }: Recording) =>
  resources.filter(({ type }) => type === imageType).flatMap(({ inputs }) => listAt(inputs, "tags").map(String));

/** The images of the pods that a Deployment makes. */
const imageOf = ({ resources }: Recording, name: string) =>
  textAt(
    registration(resources, "kubernetes:apps/v1:Deployment", name).inputs,
    "spec.template.spec.containers.0.image",
  );

/** The images that the DAGs know. */
function taskImages({ resources }: Recording): string[] {
  const texts = resources.map(({ inputs }) => fields(inputs.data ?? {})["platform.json"]);
  const text = texts.find((text) => typeof text === "string") ?? "{}";
  return Object.values(fields(at(JSON.parse(text), "images"))).map(String);
}

describe("a stack of a cloud without imageRegistry", () => {
  it("builds for the registry that it makes, and its pods have those images", async () => {
    const stack = await record(program, { config: { cluster: gke, projects }, dryRun: true });
    const registry = "europe-west4-docker.pkg.dev/acme-ml-prod/mlops";
    const tags = tagsOf(stack);
    assert.equal(tags.length, 9);
    for (const tag of tags) assert.match(tag, new RegExp(`^${registry}/[a-z-]+:[0-9a-f]{16}$`));
    assert.ok(tags.includes(imageOf(stack, "mlflow") ?? ""));
    assert.deepEqual(Object.values(fields(stack.outputs.images)), tags.toSorted());
    assert.equal(stack.outputs.imageRegistry, registry);
    const { dependencies, inputs } = registration(stack.resources, imageType, "images-mlflow");
    assert.ok(
      dependencies.some((urn) => urn.endsWith("Repository::mlops")),
      "pushes before there is a repository",
    );
    assert.deepEqual(inputs.platforms, ["linux/amd64"]);
    assert.deepEqual(taskImages(stack), tags.toSorted());
  });

  it("builds in the platform's stack where the layers have one each, for the registry of the other", async () => {
    const cluster = await record(program, { config: { cluster: eks, projects, layers: '["cluster"]' } });
    assert.deepEqual(tagsOf(cluster), []);
    assert.equal(cluster.outputs.imageRegistry, "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mlops");
    const registry = "444455556666.dkr.ecr.eu-central-1.amazonaws.com/mlops";
    const take = (imageRegistry: string) =>
      record(program, {
        config: { cluster: eks, projects, layers: '["platform"]', clusterStack: "acme/mlops/cluster", imageRegistry },
        stackOutputs: () => ({ outputs: { ...cluster.outputs, registry }, secretNames: ["postgresAdminPassword"] }),
        dryRun: true,
      });
    const platform = await take("");
    assert.ok(imageOf(platform, "mlflow")?.startsWith(`${registry}/mlflow:`));
    assert.equal(platform.outputs.imageRegistry, registry);
    const token = platform.lookups.find(({ token }) => token === "aws:ecr/getAuthorizationToken:getAuthorizationToken");
    assert.match(token?.provider ?? "", /pulumi:providers:aws::images::/);

    const published = await take("registry.example.org/mlops");
    assert.deepEqual(tagsOf(published), []);
    assert.equal(imageOf(published, "mlflow"), "registry.example.org/mlops/mlflow:0.1.0");
    assert.ok(
      !published.lookups.some(({ token }) => token.startsWith("aws:")),
      "published images take no right in AWS",
    );
  });
});
