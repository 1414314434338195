import assert from "node:assert/strict";
import { demandOf, jobDemandOf, sum } from "../../lib/kubernetes/demand.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { Recording } from "../../lib/recording.ts";
import { skipWithReason } from "../skip.ts";
import { createImages, noMirrors, publicImages } from "../../components/images.ts";
import { podsOfValues } from "../../components/airflow/chart/pods-of-values.ts";
import { chartValues } from "../../components/airflow/values.ts";
import { releasesOf } from "../../preview/chart-release.ts";
import { type DagSourceName, dagSources, deploy, type Deployment, executors, firstRotation, options } from "./cases.ts";
import { keysWithoutDefault } from "./chart-schema.ts";
import { podOutlines } from "./pod-outlines.ts";
import { problemsOf } from "./pod-rules.ts";
import {
  defaultValues,
  existing,
  objectsIn,
  podsOf,
  record,
  records,
  referencesOf,
  type RenderedPod,
  renderText,
  whyNotRendered,
} from "./rendered.ts";
import { at } from "../../lib/json.ts";

/** Each executor and each DAG source, and those together that meet in the chart's templates. */
const combinations: [(typeof executors)[number], DagSourceName][] = [
  ["KubernetesExecutor", "image"],
  ["KubernetesExecutor", "hostPath"],
  ["KubernetesExecutor", "gitSyncSsh"],
  ["KubernetesExecutor", "bundleSsh"],
  ["CeleryExecutor", "gitSyncToken"],
  ["CeleryExecutor,KubernetesExecutor", "bundleToken"],
  ["LocalExecutor", "gitSyncSsh"],
  ["LocalExecutor", "hostPath"],
];

const laptop = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } };
const sidecar = { name: "relay", image: "docker.io/library/redis:7.4.11", imagePullPolicy: "IfNotPresent" };

/** Chart values of a site that change which pods there are. */
const siteAdditions: Deployment = {
  airflow: {
    executor: "CeleryExecutor,KubernetesExecutor",
    dags: dagSources.gitSyncToken,
    replicas: { scheduler: 3, triggerer: 2 },
    resources: { worker: { requests: { memory: "2Gi" } } },
    values: {
      imagePullSecrets: ["regcred"],
      labels: { team: "ml" },
      flower: { enabled: true, resources: laptop },
      cleanup: { enabled: true, resources: laptop },
      statsd: { enabled: false },
      triggerer: { persistence: { enabled: true, size: "5Gi" }, extraContainers: [{ ...sidecar, resources: laptop }] },
      workers: {
        celery: {
          persistence: { enabled: true, fixPermissions: false },
          logGroomerSidecar: { resources: laptop },
          waitForMigrations: { enabled: true },
        },
      },
    },
  },
};

const cases: Record<string, Deployment> = {
  ...Object.fromEntries(
    combinations.map(([executor, name]) => [
      `${executor}, DAGs by ${name}`,
      { airflow: { executor, dags: dagSources[name] } },
    ]),
  ),
  "Celery twice, logs on a volume": {
    airflow: { executor: "CeleryExecutor,KubernetesExecutor", highAvailability: true, celeryWorkers: 2 },
    logs: "volume",
  },
  "an identity for the logs, a token for git-sync": {
    airflow: { dags: dagSources.gitSyncToken, highAvailability: true },
    logs: "identity",
  },
};

interface Rendered {
  recording: Recording;
  text: string;
  objects: KubernetesObject[];
  pods: RenderedPod[];
}

async function rendered(deployment: Deployment): Promise<Rendered> {
  const recording = await deploy(deployment);
  const text = await renderText(recording);
  const objects = objectsIn(text);
  return { recording, text, objects, pods: podsOf(objects) };
}

/** What stands for the chart's objects where it is not rendered. */
function byValues({ recording }: Rendered): KubernetesObject[] {
  const [release] = releasesOf(recording.resources);
  assert.ok(release !== undefined);
  return podsOfValues(release);
}

function demandOfAll(objects: KubernetesObject[]): string[] {
  const demands = [demandOf, jobDemandOf].map((of) => sum(objects.map(of)));
  return demands.flatMap((demand) => Object.values(demand).map((amount: number) => amount.toFixed(6)));
}

describe("Airflow's chart, rendered", function () {
  this.timeout(120_000);
  before(function () {
    const reason = whyNotRendered();
    if (reason !== undefined) skipWithReason(this, reason);
  });

  for (const [title, deployment] of Object.entries(cases)) {
    describe(title, () => {
      let made: Rendered;
      before(async () => {
        made = await rendered(deployment);
      });

      it("has no hook, no Secret, no account and no role of its own", () => {
        assert.doesNotMatch(made.text, /helm\.sh\/hook/);
        const kinds = new Set(made.objects.map(({ kind }) => kind));
        for (const kind of ["Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "NetworkPolicy"]) {
          assert.ok(!kinds.has(kind), kind);
        }
      });

      it("finds every Secret, ConfigMap, claim and account that its pods name", () => {
        const present = existing(made.recording.resources, made.objects);
        const missing = made.pods.flatMap((pod) =>
          referencesOf(pod)
            .filter((name) => !present.has(name))
            .map((name) => `${pod.maker}: ${name}`),
        );
        assert.deepEqual(missing, []);
      });

      it("makes restricted pods, whose containers have requests and limits and no variable twice", () => {
        for (const pod of made.pods) {
          assert.deepEqual(problemsOf(pod), [], pod.maker);
        }
      });

      it("waits for objects that exist, all of Airflow for the migration", () => {
        const names = made.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        for (const { kind, metadata } of made.objects) {
          const { "config.kubernetes.io/depends-on": after = "" } = record(metadata.annotations);
          assert.ok(typeof after === "string");
          for (const path of after.split(",").filter((part) => part !== "")) {
            const [, kindAndName = ""] = /^[a-z]+\/namespaces\/mlops\/(.+)$/.exec(path) ?? [];
            assert.ok(names.includes(kindAndName), `${metadata.name} waits for ${path}`);
          }
          const isAirflow = kind === "Deployment" && metadata.name !== "airflow-statsd";
          if (isAirflow) assert.match(after, /Job\/airflow-run-airflow-migrations/, metadata.name);
        }
      });

      it("restarts every pod that reads a secret with a new generation", () => {
        for (const { maker, annotations } of made.pods.filter(({ maker }) => maker !== "airflow-statsd")) {
          for (const secret of ["fernet", "fernetRetired", "database", "minio", "sessions"] as const) {
            const name = secret === "minio" ? "minioKeys" : secret;
            assert.equal(annotations[`mlops/${name}-generation`], String(firstRotation[secret]), `${maker}: ${secret}`);
          }
        }
      });

      it("makes the pods that its values tell without it: requests, images, contexts and accounts", () => {
        assert.deepEqual(podOutlines(byValues(made)), podOutlines(made.objects));
        assert.deepEqual(demandOfAll(byValues(made)), demandOfAll(made.objects));
      });

      it("labels its pods for the network policies", () => {
        for (const { maker, labels } of made.pods) {
          assert.equal(labels.release, "airflow", maker);
          assert.equal(labels["app.kubernetes.io/name"], "airflow", maker);
          assert.ok(typeof labels.component === "string", maker);
        }
      });
    });
  }

  it("makes the pods that its values tell where a site adds some and takes some away", async () => {
    const made = await rendered(siteAdditions);
    const outlines = podOutlines(made.objects);
    assert.deepEqual(podOutlines(byValues(made)), outlines);
    const added = ["Deployment/airflow-flower", "CronJob/airflow-cleanup", "StatefulSet/airflow-triggerer"];
    for (const name of added) assert.ok(`mlops/${name}` in outlines, name);
    assert.ok(!("mlops/Deployment/airflow-statsd" in outlines));
  });

  for (const executor of executors) {
    it(`is the same for ${executor}, byte for byte, each time`, async () => {
      const deployment = { airflow: { executor } };
      assert.equal(await renderText(await deploy(deployment)), await renderText(await deploy(deployment)));
    });
  }

  it("sets no key that the chart's own values do not have", async () => {
    const defaults = await defaultValues();
    assert.deepEqual(keysWithoutDefault({ scheduler: { replica: 1 }, executer: "" }, defaults), [
      "scheduler.replica",
      "executer",
    ]);
    // What its values leave out although its templates and its schema have it, and airflow.cfg, which takes any key.
    const known = /^(config\.\w+\.\w+|dags\.gitSync\.credentialsSecret)$/;
    for (const [executor, name] of combinations) {
      const unknown = keysWithoutDefault(chartValues(options({ executor, dags: dagSources[name] })), defaults);
      assert.deepEqual(
        unknown.filter((key) => !known.test(key)),
        [],
      );
    }
  });

  it("asks for at most 0.6 CPU and 2.4 GiB when idle", async () => {
    const { objects } = await rendered({});
    const { cpuRequest, memoryRequest, pods } = sum(objects.map(demandOf));
    assert.equal(pods, 5);
    assert.ok(cpuRequest <= 0.6, `${cpuRequest} CPU`);
    assert.ok(memoryRequest <= 2.4 * 2 ** 30, `${memoryRequest / 2 ** 30} GiB`);
  });

  it("leaves a worker pod without the database and without any key", async () => {
    const { pods } = await rendered({});
    const worker = pods.find(({ maker }) => maker === "worker pod");
    assert.ok(worker !== undefined);
    assert.deepEqual(referencesOf(worker).sort(), [
      "ConfigMap airflow-config",
      "ConfigMap airflow-log-storage",
      "ConfigMap airflow-platform",
      "ConfigMap airflow-postgres-ca",
      "Secret airflow-log-storage",
      "ServiceAccount airflow-worker",
    ]);
    assert.equal(at(worker.containers[0], "image"), "registry.example.org/mlops/airflow:0.1.0");
  });

  it("mounts a node's DAGs read-only in every component and worker pod", async () => {
    const { pods } = await rendered({ airflow: { dags: dagSources.hostPath } });
    const ofAirflow = pods.filter(({ maker }) => maker !== "airflow-statsd");
    assert.equal(ofAirflow.length, 7);
    for (const { maker, containers } of ofAirflow) {
      for (const container of containers) {
        const mount = records(container.volumeMounts).find(({ name }) => name === "dags");
        assert.deepEqual(mount, { name: "dags", mountPath: "/opt/airflow/dags", readOnly: true }, maker);
      }
    }
  });

  it("checks the host that git-sync talks to over SSH", async () => {
    const { pods } = await rendered({ airflow: { executor: "LocalExecutor", dags: dagSources.gitSyncSsh } });
    const fetching = pods.flatMap(({ maker, containers }) =>
      containers.filter(({ image }) => String(image).includes("git-sync")).map((container) => ({ maker, container })),
    );
    const makers = new Set(fetching.map(({ maker }) => maker));
    assert.deepEqual([...makers].sort(), ["airflow-dag-processor", "airflow-scheduler", "airflow-triggerer"]);
    for (const { maker, container } of fetching) {
      const variables = Object.fromEntries(records(container.env).map(({ name, value }) => [String(name), value]));
      assert.equal(variables.GITSYNC_SSH_KNOWN_HOSTS, "true", maker);
      assert.equal(variables.GIT_SYNC_BRANCH, "release", `${maker}: git-sync 4 prefers it where it is set`);
      assert.ok(
        records(container.volumeMounts).some(({ mountPath }) => mountPath === "/etc/git-ssh"),
        maker,
      );
    }
  });

  it("pulls every image by the lock's digest, worker pods' too", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const names = ["airflow", "statsdExporter", "redis", "gitSync"] as const;
    const references = names.map((name) => `${publicImages[name].repository}:${publicImages[name].tag}`);
    const lock = Object.fromEntries(references.map((image) => [image, { digest, seen: "2026-11-30" }]));
    const { pods } = await rendered({
      airflow: { executor: "CeleryExecutor,KubernetesExecutor", dags: dagSources.gitSyncToken },
      args: { images: createImages("registry.example.org/mlops", "0.1.0", noMirrors, lock) },
    });
    const used = pods.flatMap(({ containers }) => containers.map(({ image }) => String(image)));
    assert.deepEqual([...new Set(used)].toSorted(), references.map((image) => `${image}@${digest}`).toSorted());
  });

  it("runs two of everything, spread and protected, with high availability", async () => {
    const { objects } = await rendered({ airflow: { highAvailability: true } });
    const names = ["airflow-api-server", "airflow-dag-processor", "airflow-scheduler", "airflow-triggerer"];
    for (const name of names) {
      const deployment = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
      assert.equal(at(deployment, "spec.replicas"), 2, name);
      const constraints = records(at(deployment, "spec.template.spec.topologySpreadConstraints"));
      const labels = record(at(deployment, "spec.template.metadata.labels"));
      for (const constraint of constraints) {
        for (const [key, value] of Object.entries(record(at(constraint, "labelSelector.matchLabels")))) {
          assert.equal(labels[key], value, `${name} is spread over pods with its own labels`);
        }
      }
      assert.equal(constraints.length, 2, name);
    }
    const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget").map(({ metadata }) => metadata.name);
    assert.deepEqual(
      budgets.sort(),
      names.map((name) => `${name}-pdb`),
    );
  });
});
