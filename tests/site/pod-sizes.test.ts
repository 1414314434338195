import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { sizeOf, sizePod } from "../../components/site/pod-sizes.ts";

const own = { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "2", memory: "1536Mi" } };
const size = { requests: {}, limits: { memory: "3Gi" } };
const template = {
  metadata: { name: "pod" },
  spec: { containers: [{ name: "main", resources: own }, { name: "other" }] },
};

describe("a pod that a site sizes", () => {
  it("has the site's amounts in its main container, and its own where the site says nothing", () => {
    assert.deepEqual(sizePod(template, size), {
      metadata: { name: "pod" },
      spec: {
        containers: [
          { name: "main", resources: { requests: own.requests, limits: { cpu: "2", memory: "3Gi" } } },
          { name: "other" },
        ],
      },
    });
    assert.equal(sizePod(template, undefined), template);
  });

  it("is sized when its template is known", async () => {
    const pod = sizePod({ spec: pulumi.output(template.spec) }, size);
    const spec = await new Promise<typeof template.spec>((resolve) => pod.spec.apply(resolve));
    assert.deepEqual(spec.containers[0]?.resources, { ...own, limits: { cpu: "2", memory: "3Gi" } });
  });

  it("is found by its group", () => {
    assert.equal(sizeOf("mlflow", { mlflow: size }), size);
    assert.equal(sizeOf("minio", { mlflow: size }), undefined);
    assert.equal(sizeOf(undefined, { mlflow: size }), undefined);
  });
});
