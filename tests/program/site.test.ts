import assert from "node:assert/strict";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";
import { stacksOf } from "../../preview/stack.ts";
import { casesOf, companySite, configuredSecret, folder, renderCase } from "./program-cases.ts";
import { allObjects, containersOf, podMakers } from "./program-objects.ts";

const pullSecrets = [{ name: "regcred" }, { name: "registry-logins" }];

/** Every pod that a stack starts, the chart's and those of its projects' tasks included. */
function podsOf(rendering: Rendering): KubernetesObject[] {
  return [...podMakers(rendering), ...taskPods(rendering)];
}

function taskPods(rendering: Rendering): KubernetesObject[] {
  const map = allObjects(rendering).find(({ metadata }) => metadata.name === "airflow-platform");
  const text = isObject(map?.data) ? map.data["platform.json"] : undefined;
  assert.ok(typeof text === "string");
  const projects: unknown = at(JSON.parse(text), "projects");
  return Object.entries(isObject(projects) ? projects : {}).map(([name, project]) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `task-of-${name}`, namespace: textAt(project, "pod.metadata.namespace") ?? "" },
    spec: at(project, "pod.spec"),
  }));
}

const objectsOfKind = (rendering: Rendering, kind: string) =>
  allObjects(rendering).filter((object) => object.kind === kind);

for (const stack of stacksOf(folder)) {
  describe(`a company's site on ${stack}`, () => {
    let rendering: Rendering;
    before(async () => {
      const cases = casesOf(stack);
      const found = cases.find(({ config }) => config === companySite);
      assert.ok(found !== undefined);
      rendering = await renderCase(found);
    });

    it("pulls the images of every pod with the site's Secrets", () => {
      const pods = podsOf(rendering);
      assert.ok(pods.length > 10, `${pods.length} pods`);
      for (const pod of pods) assert.deepEqual(listAt(podSpecOf(pod), "imagePullSecrets"), pullSecrets, nameOf(pod));
    });

    it("gives the Secrets to every service account, which pods of other makers use", () => {
      const accounts = objectsOfKind(rendering, "ServiceAccount");
      assert.ok(accounts.length > 5);
      for (const account of accounts) assert.deepEqual(account.imagePullSecrets, pullSecrets, nameOf(account));
    });

    it("puts the logins of registries into each namespace with its pods", () => {
      const namespaces = new Set(podsOf(rendering).map(({ metadata }) => metadata.namespace));
      const logins = objectsOfKind(rendering, "Secret").filter(({ metadata }) => metadata.name === "registry-logins");
      assert.deepEqual(new Set(logins.map(({ metadata }) => metadata.namespace)), namespaces);
      for (const { type, stringData } of logins) {
        assert.equal(type, "kubernetes.io/dockerconfigjson");
        const text = isObject(stringData) ? stringData[".dockerconfigjson"] : undefined;
        const auth = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString("base64");
        const [robot, hub] = [configuredSecret("registry"), configuredSecret("hub")];
        assert.deepEqual(JSON.parse(String(text)), {
          auths: {
            "mirror.corp.example": { username: "robot", password: robot, auth: auth("robot", robot) },
            "https://index.docker.io/v1/": { username: "hub", password: hub, auth: auth("hub", hub) },
          },
        });
      }
    });

    it("pulls no image from where it is published", () => {
      const images = podsOf(rendering)
        .flatMap(containersOf)
        .flatMap(({ container }) => (typeof container.image === "string" ? [container.image] : []));
      const hosts = [...new Set(images.map((image) => image.slice(0, image.lastIndexOf("/"))))];
      const published = hosts.filter(
        (host) => !host.startsWith("registry.corp.example/") && !host.startsWith("mirror.corp.example"),
      );
      assert.deepEqual(published, []);
      const hub = images.filter((image) => image.includes("/apache/airflow") || image.includes("/grafana/"));
      for (const image of hub) assert.ok(image.startsWith("mirror.corp.example/hub/"), image);
      const quay = images.filter((image) => image.includes("/prometheus/prometheus"));
      assert.deepEqual(
        quay.map((image) => image.split(":v")[0]),
        ["mirror.corp.example:5000/quay/prometheus/prometheus"],
      );
    });
  });
}

describe("a registry that asks for a login, named with its Secret alone", () => {
  it("is what every pod of an existing cluster pulls from", async () => {
    const config = {
      cluster: { kind: "existing", context: "team" },
      imageRegistry: "registry.corp.example/mlops",
      imageMirror: "mirror.corp.example/hub",
      imagePullSecrets: ["regcred"],
    };
    const pods = podsOf(await renderCase({ title: "a pull secret", stack: "minikube", config }));
    assert.ok(pods.length > 10);
    for (const pod of pods)
      assert.deepEqual(listAt(podSpecOf(pod), "imagePullSecrets"), [{ name: "regcred" }], nameOf(pod));
  });
});
