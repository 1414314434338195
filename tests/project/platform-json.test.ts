import assert from "node:assert/strict";
import { imagesOf } from "../../components/images.ts";
import { platformJson } from "../../components/project/platform-json.ts";
import { taskVolumes } from "../../components/project/project.ts";
import { defaultTaskResources, taskPodTemplate } from "../../components/project/task-pod.ts";
import { validate } from "../../config.ts";
import { at } from "../../lib/json.ts";

describe("platform.json", () => {
  const config = validate({
    cluster: { kind: "minikube" },
    projectNamespacePrefix: "staging-",
    projects: [{ name: "news" }, { name: "bare", database: false }],
  });
  const written: unknown = JSON.parse(platformJson({ config, images: imagesOf(config), dataFolder: undefined }));
  const volumes = taskVolumes({ database: true, dataFolder: undefined, dagsFolder: undefined });

  it("has the pod of each project's tasks", () => {
    const pods = ["news", "bare"].map((name) => at(written, `projects.${name}.pod`));
    assert.deepEqual(pods, [
      taskPodTemplate({ project: "news", namespace: "staging-news", volumes }),
      taskPodTemplate({ project: "bare", namespace: "staging-bare", volumes: [] }),
    ]);
  });

  it("says where the spot nodes are of a cluster that the program makes, and nothing otherwise", () => {
    const spotNodesOf = (own: object) => {
      const registry = "europe-west4-docker.pkg.dev/acme-ml-prod/mlops";
      const cluster = { kind: "gke", project: "acme-ml-prod", region: "europe-west4", ...own };
      const stack = validate({ imageRegistry: registry, cluster });
      const text = platformJson({ config: stack, images: imagesOf(stack), dataFolder: undefined });
      return at(JSON.parse(text), "spotNodes");
    };
    const marks = { label: "mlops/pool", spot: "spot", onDemand: "platform", taint: "mlops/spot" };
    assert.deepEqual(spotNodesOf({ spotNodes: {} }), { tasksByDefault: false, ...marks });
    assert.deepEqual(spotNodesOf({ spotNodes: { tasksByDefault: true } }), { tasksByDefault: true, ...marks });
    assert.equal(spotNodesOf({}), undefined);
    assert.equal(at(written, "spotNodes"), undefined);
  });

  it("keeps what the DAGs of the release before read", () => {
    assert.equal(at(written, "version"), 1);
    assert.equal(at(written, "imagePullPolicy"), "IfNotPresent");
    assert.deepEqual(at(written, "projects.news"), {
      namespace: "staging-news",
      pod: at(written, "projects.news.pod"),
      serviceAccount: "news",
      configMap: "news",
      secret: "news",
      resources: defaultTaskResources,
      volumes,
    });
  });
});
