import assert from "node:assert/strict";
import { inventoryIn, leftovers, verdict } from "../../scripts/verify/pageviews.ts";
import { taskPodTemplate } from "../../components/project/task-pod.ts";
import type { PlatformProject } from "../../scripts/platform/platform-json.ts";
import { projectPod } from "../../scripts/verify/project-pod.ts";

const full = {
  daily_views: 420,
  predictions: 7,
  snapshots: 1,
  model: "verify-pageviews",
  versions: 1,
  champion: 1,
  runs: 1,
};
const empty = { ...full, daily_views: 0, predictions: 0, snapshots: 0, versions: 0, champion: null, runs: 0 };

describe("verify: the pageviews pipeline", () => {
  it("is fine with a registered model and stored predictions", () => {
    assert.deepEqual(verdict(full, 1, 200), {
      state: "ok",
      seen: "420 days of views, version 1 of verify-pageviews registered, 7 predictions, 200 s",
    });
  });

  it("fails without a champion, with another one in the registry, and without predictions", () => {
    assert.throws(() => verdict({ ...full, champion: null }, 1, 200), /verify-pageviews has no champion/);
    assert.throws(
      () => verdict(full, undefined, 200),
      /the champion of verify-pageviews is version none in MLflow's registry, but version 1 in the project/,
    );
    assert.throws(() => verdict({ ...full, predictions: 0 }, 1, 200), /Postgres has no predictions/);
  });

  it("tells what a removal has left", () => {
    assert.equal(leftovers(empty), undefined);
    assert.equal(leftovers({ ...empty, snapshots: 1, runs: 2 }), "1 snapshots, 2 runs");
  });

  it("reads the inventory at the end of a pod's output, and names an image that prints none", () => {
    assert.deepEqual(inventoryIn(`a warning\n${JSON.stringify(full)}\n`), full);
    assert.throws(() => inventoryIn("usage: pageviews"), /printed "usage: pageviews" instead of JSON/);
  });
});

describe("verify: a pod of a project", () => {
  const template = taskPodTemplate({ project: "team", namespace: "staging-team", volumes: [] });
  const pod = JSON.parse(JSON.stringify(template)) as PlatformProject["pod"];
  const platform = {
    images: { pageviews: "localhost/mlops/pageviews:0.1.0" },
    projects: { team: { namespace: "staging-team", pod } },
  };
  const args = { project: "team", name: "verify-clean-1", image: "pageviews", component: "verify", args: ["clean"] };

  it("is the pod of its tasks, with an image of the platform and that image's user", () => {
    const made = projectPod(platform, { ...args, activeDeadlineSeconds: 300 });
    const { spec } = pod;
    assert.deepEqual(made.spec, {
      ...spec,
      activeDeadlineSeconds: 300,
      securityContext: { ...spec.securityContext, runAsUser: 10001, runAsGroup: 10001 },
      containers: [{ ...spec.containers[0], image: "localhost/mlops/pageviews:0.1.0", args: ["clean"] }],
    });
  });

  it("has a name, and labels that say that no task of Airflow's started it", () => {
    assert.deepEqual(projectPod(platform, args).metadata, {
      name: "verify-clean-1",
      namespace: "staging-team",
      labels: {
        "app.kubernetes.io/name": "pageviews",
        "app.kubernetes.io/component": "verify",
        "app.kubernetes.io/part-of": "team",
        "app.kubernetes.io/managed-by": "verify",
      },
    });
  });

  it("is of a project and an image that the platform has", () => {
    assert.throws(() => projectPod(platform, { ...args, project: "news" }), /platform\.json lacks the project news/);
    assert.throws(() => projectPod(platform, { ...args, image: "spark" }), /or the image spark/);
  });
});
