import assert from "node:assert/strict";
import { backup } from "../../components/backup/description.ts";
import { mlflow } from "../../components/mlflow/description.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";
import { stacksOf } from "../../preview/stack.ts";
import { casesOf, chart, companySite, configuredSecret, folder, renderCase, siteAuthority } from "./program-cases.ts";
import { skipWithReason } from "../skip.ts";
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
    metadata: {
      annotations: at(project, "pod.metadata.annotations"),
      name: `task-of-${name}`,
      namespace: textAt(project, "pod.metadata.namespace") ?? "",
    },
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

    it("gives the proxy to every container of each pod that connects to the outside, and to no other", () => {
      const own = podsOf(rendering).filter(isOutside).flatMap(containersOf).filter(isNotHelper);
      assert.ok(own.length > 5);
      for (const { place, container } of own) {
        const names = listAt(container, "env").map((entry) => textAt(entry, "name"));
        for (const name of [...proxyNames, ...caNames]) assert.ok(names.includes(name), `${place} has no ${name}`);
        assert.equal(new Set(names).size, names.length, `${place} has a variable twice`);
      }
      const others = podsOf(rendering).filter((pod) => !isOutside(pod));
      assert.ok(others.length > 3);
      for (const { place, container } of others.flatMap(containersOf)) {
        const names = listAt(container, "env").map((entry) => textAt(entry, "name"));
        assert.deepEqual(
          names.filter((name) => proxyNames.includes(name ?? "")),
          [],
          place,
        );
      }
    });

    it("keeps the proxy's login in a Secret of each namespace", () => {
      const secrets = objectsOfKind(rendering, "Secret").filter(({ metadata }) => metadata.name === "proxy-urls");
      assert.deepEqual(
        new Set(secrets.map(({ metadata }) => metadata.namespace)),
        new Set(podsOf(rendering).map(({ metadata }) => metadata.namespace)),
      );
      const login = `proxy-user:${encodeURIComponent(configuredSecret("proxy"))}`;
      for (const { stringData } of secrets) {
        assert.deepEqual(stringData, {
          http: `http://${login}@proxy.corp.example:3128`,
          https: `http://${login}@10.7.0.8:3129`,
        });
      }
    });

    it("mounts the public authorities and the site's where the proxy is, and restarts the pods for others", () => {
      const bundles = objectsOfKind(rendering, "ConfigMap").filter(
        ({ metadata }) => metadata.name === "ca-certificates",
      );
      for (const { data } of bundles) {
        const text = textAt({ text: isObject(data) ? data["ca-certificates.crt"] : "" }, "text") ?? "";
        assert.ok(text.startsWith(siteAuthority.trim()));
        assert.ok(text.split("-----BEGIN CERTIFICATE-----").length > 100);
      }
      for (const pod of podsOf(rendering).filter(isOutside)) {
        const volumes = listAt(podSpecOf(pod), "volumes").filter((volume) => at(volume, "name") === "ca-certificates");
        assert.deepEqual(volumes, [{ name: "ca-certificates", configMap: { name: "ca-certificates" } }], nameOf(pod));
        const paths = containersOf(pod)
          .filter(isNotHelper)
          .map(({ container }) => mountOf(container));
        assert.deepEqual(new Set(paths), new Set(["/etc/ca-certificates-bundle"]), nameOf(pod));
        assert.match(hashOf(pod), /^[0-9a-f]{64}$/, nameOf(pod));
      }
    });

    it("opens the way to the proxy for pods that connect to the outside", () => {
      const policies = objectsOfKind(rendering, "NetworkPolicy").filter(({ spec }) =>
        JSON.stringify(spec).includes("3129"),
      );
      const names = new Set(policies.map(({ metadata }) => metadata.name));
      for (const name of ["allow-tasks", "allow-airflow-worker", "allow-alertmanager", "allow-backup", "allow-mlflow"])
        assert.ok(names.has(name), name);
      assert.ok(!names.has("allow-grafana") && !names.has("allow-kube-state-metrics"));
      for (const policy of policies) {
        const rules = listAt(policy, "spec.egress").filter((rule) => /312[89]/.test(JSON.stringify(rule)));
        const port = (number: number) => [{ port: number, protocol: "TCP" }];
        assert.deepEqual(rules, [
          { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: port(3128) },
          { to: [{ ipBlock: { cidr: "10.7.0.8/32" } }], ports: port(3129) },
        ]);
      }
    });

    it("sizes the main containers that the site names, and no others", () => {
      const sizes = new Map(
        podMakers(rendering).map((pod) => [pod.metadata.name, at(podSpecOf(pod), "containers.0.resources")]),
      );
      assert.deepEqual(sizes.get("mlflow"), {
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "2", memory: "3Gi" },
      });
      assert.deepEqual(sizes.get("backup"), {
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { ...backup.pods.backup.resources.limits, memory: "2Gi" },
      });
      assert.deepEqual(sizes.get("mlflow-setup"), mlflow.pods["mlflow-setup"].resources);
    });

    it("puts the platform's pods and the tasks' on their nodes", () => {
      const { platform, tasks } = companySite.scheduling;
      for (const pod of podMakers(rendering)) {
        const spec = podSpecOf(pod);
        assert.deepEqual(at(spec, "nodeSelector"), platform.nodeSelector, nameOf(pod));
        assert.deepEqual(at(spec, "tolerations"), platform.tolerations, nameOf(pod));
        assert.deepEqual(at(spec, "affinity.nodeAffinity"), platform.affinity.nodeAffinity, nameOf(pod));
        const isSystem = pod.metadata.namespace === "kube-system";
        const ofPod = isSystem ? "system-cluster-critical" : platform.priorityClassName;
        assert.equal(textAt(spec, "priorityClassName"), ofPod, nameOf(pod));
      }
      for (const pod of taskPods(rendering)) {
        const spec = podSpecOf(pod);
        assert.deepEqual(at(spec, "nodeSelector"), tasks.nodeSelector);
        assert.deepEqual(at(spec, "tolerations"), tasks.tolerations);
        assert.equal(textAt(spec, "priorityClassName"), tasks.priorityClassName);
      }
    });
  });
}

const proxyNames = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];
const caNames = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"];

/** What Airflow's pods, the tasks' and those with an identity of the cloud reach is outside; the add-ons call their cloud. */
const outside = /\/(airflow-(?!redis|statsd)|backup|mlflow$|alertmanager|task-of-|cluster-autoscaler)/;
const isOutside = (pod: KubernetesObject) => outside.test(nameOf(pod));

/** The cleaner of log files starts no program that connects. */
const isNotHelper = ({ place }: { place: string }) => !place.endsWith("log-groomer");

function mountOf(container: unknown): string | undefined {
  const mounts = listAt(container, "volumeMounts").filter((mount) => at(mount, "name") === "ca-certificates");
  return textAt(mounts[0], "mountPath");
}

function hashOf(pod: KubernetesObject): string {
  const template = at(pod, "spec.jobTemplate.spec.template") ?? at(pod, "spec.template") ?? pod;
  const annotations = at(template, "metadata.annotations");
  return isObject(annotations) ? String(annotations["mlops/ca-certificates-hash"]) : "none";
}

describe("a company's site with replicas and git-sync", () => {
  const airflow = {
    executor: "CeleryExecutor",
    highAvailability: true,
    celeryWorkers: 2,
    environment: { NODE_EXTRA_CA_CERTS: "/opt/airflow/own.crt" },
    dags: { kind: "git", repository: "https://git.corp.example/dags.git" },
  };
  const podsWith = async (config: object) => {
    const rendering = await renderCase({ title: "", stack: "minikube", config: { airflow, ...config } });
    return new Map(podMakers(rendering).map((pod) => [nameOf(pod), podSpecOf(pod)]));
  };
  let plain: Awaited<ReturnType<typeof podsWith>>;
  let fitted: typeof plain;
  before(async function () {
    if (chart === undefined) return skipWithReason(this, "AIRFLOW_CHART names no chart that helm can render");
    plain = await podsWith({});
    fitted = await podsWith(companySite);
  });

  it("keeps its replicas apart, as without a site's affinity", () => {
    const spread = [...plain].filter(([, spec]) => listAt(spec, "topologySpreadConstraints").length > 0);
    assert.ok(spread.length > 3);
    for (const [name, spec] of spread) {
      const now = fitted.get(name);
      assert.deepEqual(at(now, "topologySpreadConstraints"), at(spec, "topologySpreadConstraints"), name);
      assert.deepEqual(at(now, "affinity.podAntiAffinity"), at(spec, "affinity.podAntiAffinity"), name);
      assert.ok(at(now, "affinity.nodeAffinity") !== undefined, name);
    }
  });

  it("has a variable of airflow.environment once, with its own value", () => {
    const scheduler = fitted.get("mlops/Deployment/airflow-scheduler");
    const [container] = listAt(scheduler, "containers");
    const values = listAt(container, "env").filter((entry) => textAt(entry, "name") === "NODE_EXTRA_CA_CERTS");
    assert.deepEqual(values, [{ name: "NODE_EXTRA_CA_CERTS", value: "/opt/airflow/own.crt" }]);
  });

  it("gives proxy and authorities to git-sync", () => {
    const containers = [...fitted.values()].flatMap((spec) =>
      ["initContainers", "containers"].flatMap((key) => listAt(spec, key)),
    );
    const gitSyncs = containers.filter((one) => textAt(one, "name")?.startsWith("git-sync"));
    assert.ok(gitSyncs.length > 2);
    for (const container of gitSyncs) {
      const names = listAt(container, "env").map((entry) => textAt(entry, "name"));
      for (const name of [...proxyNames, ...caNames]) assert.ok(names.includes(name), name);
      assert.equal(mountOf(container), "/etc/ca-certificates-bundle");
    }
  });
});

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
