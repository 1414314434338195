import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { combined, fitPod, laidOver, noFit, type PodFit } from "../../components/site/pod-fit.ts";
import { isObject } from "../../lib/json.ts";

const fit: PodFit = {
  pod: {
    imagePullSecrets: [{ name: "regcred" }],
    nodeSelector: { pool: "ml", zone: "a" },
    priorityClassName: "business",
    volumes: [{ name: "ca", configMap: { name: "ca" } }],
  },
  container: { env: [{ name: "HTTPS_PROXY", value: "http://proxy:3128" }] },
  annotations: { hash: "1" },
};

const container = { name: "main", image: "image:1" };

describe("a pod that is fitted to a site", () => {
  it("has what the site wants in each container", () => {
    const pod = fitPod(
      { metadata: { labels: { a: "b" } }, spec: { initContainers: [container], containers: [container] } },
      fit,
    );
    const fitted = { ...container, ...fit.container };
    assert.deepEqual(pod, {
      metadata: { labels: { a: "b" }, annotations: { hash: "1" } },
      spec: { ...fit.pod, initContainers: [fitted], containers: [fitted] },
    });
  });

  it("keeps its own settings", () => {
    const own = {
      metadata: {},
      spec: {
        nodeSelector: { zone: "b" },
        priorityClassName: "system",
        volumes: [{ name: "tmp", emptyDir: {} }],
        containers: [
          {
            ...container,
            env: [
              { name: "HTTPS_PROXY", value: "" },
              { name: "A", value: "1" },
            ],
          },
        ],
      },
    };
    const { spec } = fitPod(own, fit);
    assert.deepEqual(spec, {
      imagePullSecrets: [{ name: "regcred" }],
      nodeSelector: { pool: "ml", zone: "b" },
      priorityClassName: "system",
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "ca", configMap: { name: "ca" } },
      ],
      containers: own.spec.containers,
    });
  });

  it("is the same object where the site wants nothing", () => {
    const pod = { spec: { containers: [container] } };
    assert.equal(fitPod(pod, noFit), pod);
  });

  it("is fitted where outputs stand for its parts", async () => {
    const spec = pulumi.output({ containers: [container] });
    const fitted: Record<string, unknown> = fitPod({ metadata: pulumi.output({}), spec }, fit);
    const known = await new Promise<unknown>((resolve) => pulumi.output(fitted).apply(resolve));
    assert.ok(isObject(known) && isObject(known.spec));
    assert.deepEqual(known.spec.imagePullSecrets, [{ name: "regcred" }]);
    assert.deepEqual(known.metadata, { annotations: { hash: "1" } });
  });
});

describe("fits", () => {
  it("are joined, and the first counts", () => {
    const other: PodFit = { pod: { nodeSelector: { zone: "b" } }, container: {}, annotations: { login: "2" } };
    const { pod, annotations } = combined([fit, other]);
    assert.deepEqual(pod.nodeSelector, { pool: "ml", zone: "a" });
    assert.deepEqual(annotations, { hash: "1", login: "2" });
  });

  it("join lists without a second element of one name", () => {
    assert.deepEqual(
      laidOver({ list: [{ name: "a", own: true }] }, { list: [{ name: "a" }, { name: "b" }, { key: "c" }] }),
      {
        list: [{ name: "a", own: true }, { name: "b" }, { key: "c" }],
      },
    );
  });
});
