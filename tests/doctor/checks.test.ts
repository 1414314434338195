import assert from "node:assert/strict";
import type { Check } from "../../scripts/doctor/check.ts";
import { checks } from "../../scripts/doctor/checks.ts";
import { snapshotOf } from "../../scripts/doctor/read.ts";
import { asking, found, object, recorded, recordedAt, secret, recordedSnapshot } from "./recorded.ts";

const broken = recorded("broken");
const live = recorded("live");

function check(id: string): Check {
  const one = checks.find((candidate) => candidate.id === id);
  assert.ok(one, id);
  return one;
}

describe("the doctor's checks", () => {
  it("find nothing in a platform that runs", async () => {
    for (const one of checks) {
      assert.deepEqual(await one.find(recordedSnapshot(live), asking()), [], one.id);
    }
  });

  it("have an id, a sentence of meaning, a remedy and a thread each", () => {
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
    for (const { id, means, remedy, threads, kinds } of checks) {
      assert.match(id, /^[a-z]+(-[a-z]+)+$/);
      assert.match(means, /^[A-Z].*\.$/);
      assert.match(remedy, /\.$/);
      assert.ok(kinds.length > 0);
      for (const thread of threads) assert.match(thread, /^https:\/\/github\.com\/[^/]+\/[^/]+\/(issues|pull)\/\d+$/);
    }
  });
});

describe("image-not-pulled", () => {
  it("names the image and the registry's reason", async () => {
    assert.deepEqual(await found(check("image-not-pulled"), broken), [
      ["pod mlops/doctor-image, container broken", "localhost/mlops/pageviews:doctor: connection refused"],
    ]);
  });

  it("says where the stack names the image", async () => {
    const remedyOf = async (image: string) => {
      const state = { waiting: { reason: "InvalidImageName", message: "couldn't parse image name" } };
      const status = { containerStatuses: [{ name: "main", image, restartCount: 0, state }] };
      const pod = object("Pod", "one", { spec: { containers: [] }, status });
      const [finding] = await check("image-not-pulled").find(recordedSnapshot([pod]), asking());
      return finding?.remedy ?? "";
    };
    assert.match(await remedyOf("localhost/mlops/mlflow:0.1.0"), /^make up/);
    const digest = `sha256:${"0".repeat(64)}`;
    assert.match(
      await remedyOf(`registry.example.org/ml/mlflow:0123456789abcdef@${digest}`),
      /^make up, which builds and pushes/,
    );
    assert.match(
      await remedyOf("registry.example.org/ml/mlflow:0.1.0"),
      /^make images REGISTRY=registry\.example\.org\/ml /,
    );
    assert.match(await remedyOf("docker.io/apache/airflow:3.3.2"), /imageMirror/);
    assert.match(await remedyOf("quay.io/prometheus/prometheus:v3"), /imageMirror/);
    assert.match(
      await remedyOf(`quay.io/prometheus/prometheus:v3@sha256:${"0".repeat(64)}`),
      /cluster\.imageDigests false/,
    );
    assert.match(await remedyOf("example.org/own/task:1"), /airflow\.image/);
  });

  it("is one line for an image that many pods wait for", async () => {
    const pods = ["a", "b", "c"].map((name) => {
      const state = { waiting: { reason: "ErrImagePull", message: "not found" } };
      const status = { containerStatuses: [{ name: "main", image: "x/y:1", restartCount: 0, state }] };
      return object("Pod", name, { spec: { containers: [] }, status });
    });
    assert.deepEqual(await found(check("image-not-pulled"), pods), [
      ["pod mlops/a, container main and 2 more", "x/y:1: not found"],
    ]);
  });
});

describe("pending-volume", () => {
  it("finds a class that is not there, and a volume in a zone without a node", async () => {
    assert.deepEqual(await found(check("pending-volume"), broken), [
      [
        "persistentvolumeclaim mlops/doctor-class",
        "the storage class doctor-missing does not exist; the cluster has standard",
      ],
      [
        "pod mlops/doctor-zone",
        "its volume is bound to a zone or node that has no room for it: 0/1 nodes are available: " +
          "1 node(s) didn't match PersistentVolume's node affinity",
      ],
    ]);
  });

  const claim = (spec: object) => object("PersistentVolumeClaim", "data", { spec, status: { phase: "Pending" } });
  const withoutDefault = { kind: "StorageClass", metadata: { name: "slow" } };

  it("finds that no class is the default one", async () => {
    assert.deepEqual(await found(check("pending-volume"), [claim({}), withoutDefault]), [
      ["persistentvolumeclaim mlops/data", "it names no storage class and the cluster has no default one; it has slow"],
    ]);
  });

  it("says what a pod waits for where none is left", async () => {
    const message =
      "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. preemption: 0/1 nodes";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    const pod = object("Pod", "db", { spec: { containers: [], volumes }, status: { phase: "Pending", conditions } });
    assert.deepEqual(await found(check("pending-volume"), [claim({ storageClassName: "slow" }), withoutDefault, pod]), [
      [
        "persistentvolumeclaim mlops/data",
        "pod db waits: 0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind",
      ],
    ]);
  });

  it("leaves a claim alone that nobody has mounted yet", async () => {
    assert.deepEqual(await found(check("pending-volume"), [claim({ storageClassName: "slow" }), withoutDefault]), []);
  });
});

describe("pending-pod", () => {
  it("says what a pod asks for and how large the nodes are", async () => {
    assert.deepEqual((await found(check("pending-pod"), broken))[0], [
      "pod mlops/doctor-large",
      "requests 1000 CPU and 0 MiB, but the largest node has 2 and 23.4 GiB in total; " +
        "0/1 nodes are available: 1 Insufficient cpu",
    ]);
  });

  it("leaves volumes to their own check", async () => {
    const places = (await found(check("pending-pod"), broken)).map(([where]) => where);
    assert.deepEqual(places, ["pod mlops/doctor-large", "pod examples/doctor-quota"]);
  });
});

describe("hook-mode", () => {
  it("finds a Job that Helm would have to run", async () => {
    assert.deepEqual(await found(check("hook-mode"), broken), [
      ["job mlops/doctor-hook", "it is a Helm hook (post-install,post-upgrade), which Pulumi does not run"],
    ]);
  });

  it("finds Airflow without its migration, and counts who waits for it", async () => {
    const isMigration = (item: unknown) => JSON.stringify(item).includes("run-airflow-migrations");
    const waiting = object("Pod", "airflow-scheduler-1", {
      spec: { containers: [] },
      status: {
        initContainerStatuses: [
          { name: "wait-for-airflow-migrations", image: "airflow", restartCount: 0, state: { running: {} } },
        ],
      },
    });
    assert.deepEqual(await found(check("hook-mode"), [...live.filter((item) => !isMigration(item)), waiting]), [
      [
        "deployment mlops/airflow-api-server",
        "Airflow is deployed, but its migration Job does not exist; 1 pods wait for it",
      ],
    ]);
  });
});

describe("failed-job", () => {
  it("ends with the last line of the Job's log", async () => {
    const logs = { "mlops/job/doctor-job": "trying\ndoctor finds no bucket\n\n" };
    assert.deepEqual(await found(check("failed-job"), broken, { logs }), [
      ["job mlops/doctor-job", "BackoffLimitExceeded: doctor finds no bucket"],
    ]);
  });

  it("has the whole of what a Job of the image provision says at its end", async () => {
    const statement = 'GRANT CONNECT ON DATABASE "ml_forecast" TO "ml_forecast"';
    const problems = ["airflow: Postgres refuses the login ml_airflow", `forecast: the DBA runs: ${statement}`];
    const message = ["provision logins: databases or logins do not fit the platform:", ...problems].join("\n  ");
    const padding = "x".repeat(200);
    for (const log of [
      `${message}; ${padding}\n`,
      `provision logins: an earlier one\ntrying\n${message}; ${padding}\n`,
    ]) {
      assert.deepEqual(await found(check("failed-job"), broken, { logs: { "mlops/job/doctor-job": log } }), [
        [
          "job mlops/doctor-job",
          `BackoffLimitExceeded: provision logins: databases or logins do not fit the platform: ${problems.join("; ")}; ${padding}`,
        ],
      ]);
    }
  });

  it("says that the log is gone, which a Job that restarts its pods takes away", async () => {
    assert.deepEqual(await found(check("failed-job"), broken), [
      ["job mlops/doctor-job", "BackoffLimitExceeded: its pods and their logs are gone"],
    ]);
  });

  it("forgets a backup that failed before a good one", async () => {
    const conditions = [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }];
    const job = object("Job", "backup-29", { spec: {}, status: { conditions, startTime: "2026-11-20T02:17:00Z" } });
    const cronJob = (lastSuccessfulTime: string) =>
      object("CronJob", "backup", { spec: { schedule: "17 2 * * *" }, status: { lastSuccessfulTime } });
    assert.deepEqual(await found(check("failed-job"), [job, cronJob("2026-11-21T02:18:00Z")]), []);
    assert.equal((await found(check("failed-job"), [job, cronJob("2026-11-19T02:18:00Z")])).length, 1);
  });
});

describe("not-starting", () => {
  it("ends with the last line of what the container said", async () => {
    const logs = { "mlops/pod/doctor-crash/broken": "starting\ndoctor has no reason\n" };
    assert.deepEqual(await found(check("not-starting"), broken, { logs }), [
      ["pod mlops/doctor-crash, container broken", "ended with exit code 3, restarts 6: doctor has no reason"],
    ]);
  });
});

describe("killed-by-probe", () => {
  it("names the probe and its last answer", async () => {
    assert.deepEqual(await found(check("killed-by-probe"), broken), [
      [
        "pod mlops/doctor-probe, container broken",
        "killed by its liveness probe, restarts 8: Liveness probe failed: not alive",
      ],
    ]);
  });

  it("forgets it after an hour", async () => {
    const later = new Date(recordedAt.getTime() + 3_700_000);
    assert.deepEqual(await check("killed-by-probe").find(recordedSnapshot(broken, later), asking()), []);
  });
});

describe("out-of-memory", () => {
  it("names the limit", async () => {
    assert.deepEqual(await found(check("out-of-memory"), broken), [
      ["pod mlops/doctor-memory, container broken", "killed for exceeding its memory limit of 32Mi, restarts 5"],
    ]);
  });
});

describe("the remedy of out-of-memory", () => {
  const killed = { name: "main", state: {}, lastState: { terminated: { reason: "OOMKilled" } }, restartCount: 1 };
  const pod = (labels: object) =>
    object(
      "Pod",
      "pod",
      { spec: { containers: [{ name: "main" }] }, status: { containerStatuses: [killed] } },
      { labels },
    );

  it("names the key of the stack file, or the DAG", async () => {
    const labels = [
      { "app.kubernetes.io/name": "mlflow" },
      { release: "airflow", component: "api-server" },
      { "app.kubernetes.io/component": "task" },
      {},
    ];
    const findings = await Promise.all(
      labels.map(async (each) => check("out-of-memory").find(recordedSnapshot([pod(each)]), asking())),
    );
    assert.deepEqual(
      findings.map(([finding]) => finding?.remedy),
      [
        "raise resources.mlflow.limits.memory",
        "raise airflow.resources.apiServer.limits.memory",
        "raise limits.memory in the DAG: pod_task(limits=…)",
        "raise limits.memory where the pod is made",
      ],
    );
  });
});

describe("identity-missing", () => {
  it("finds an account without the annotation, and a pod under another account", async () => {
    assert.deepEqual(await found(check("identity-missing"), broken), [
      [
        "serviceaccount examples/doctor-cloud",
        "it has no iam.gke.io/gcp-service-account, but accesses gs://doctor-data/projects/doctor without keys",
      ],
      ["pod examples/doctor-quota", "it runs as service account default, but the identity belongs to doctor-cloud"],
    ]);
  });

  const logs = (data: object) => object("ConfigMap", "airflow-log-storage", { data });
  const account = (name: string, annotations: object = {}) => object("ServiceAccount", name, {}, { annotations });
  const aws = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/mlops/airflow" };
  const bucket = { AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER: "s3://acme-mlops/airflow/logs" };

  it("asks every part of Airflow that reads logs for its role", async () => {
    const items = [logs(bucket), account("airflow-worker"), account("airflow-api-server", aws)];
    assert.deepEqual(await found(check("identity-missing"), items), [
      [
        "serviceaccount mlops/airflow-worker",
        "it has no eks.amazonaws.com/role-arn, but accesses s3://acme-mlops/airflow/logs without keys",
      ],
      [
        "serviceaccount mlops/airflow-triggerer",
        "it does not exist, but accesses s3://acme-mlops/airflow/logs without keys",
      ],
    ]);
  });

  it("asks nobody where keys or an endpoint of its own stand for the identity", async () => {
    const withKeys = secret("airflow-log-storage", { AWS_ACCESS_KEY_ID: "key" });
    assert.deepEqual(await found(check("identity-missing"), [logs(bucket), withKeys]), []);
    const minio = logs({ ...bucket, AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000" });
    assert.deepEqual(await found(check("identity-missing"), [minio]), []);
  });
});

describe("quota-full", () => {
  it("compares what is left with what a task asks for", async () => {
    const pod = { spec: { containers: [{ resources: { requests: { cpu: "100m" } } }] } };
    const platform = { projects: { examples: { namespace: "examples", pod } } };
    const map = object("ConfigMap", "airflow-platform", { data: { "platform.json": JSON.stringify(platform) } });
    const status = { hard: { pods: "20", "requests.cpu": "4" }, used: { pods: "3", "requests.cpu": "3950m" } };
    const quota = object("ResourceQuota", "examples", { status }, { namespace: "examples" });
    assert.deepEqual(await found(check("quota-full"), [map, quota]), [
      ["resourcequota examples/examples", "requests.cpu: 3950m of 4 used, a task requests 100m"],
    ]);
    const [finding] = await check("quota-full").find(recordedSnapshot([map, quota]), asking());
    assert.equal(
      finding?.remedy,
      "scripts/pulumi config set --stack <stack> --path 'projects[0].quota.cpu' <more> && make up",
    );
  });
});

describe("backup-age", () => {
  const labels = { "app.kubernetes.io/name": "backup" };
  const cronJob = (status: object, more: object = {}) =>
    object(
      "CronJob",
      "backup",
      { spec: { schedule: "17 2 * * *", ...more }, status },
      { labels, creationTimestamp: "2026-11-01T08:00:00Z" },
    );

  it("finds one that is suspended", async () => {
    assert.deepEqual(await found(check("backup-age"), broken), [
      ["cronjob mlops/doctor-backup", "it is suspended; no backup was ever made"],
    ]);
  });

  it("finds a backup that is older than the schedule, and one that was never made", async () => {
    assert.deepEqual(await found(check("backup-age"), [cronJob({ lastSuccessfulTime: "2026-11-20T02:18:30Z" })]), [
      [
        "cronjob mlops/backup",
        "the last successful backup is from 2026-11-20T02:18:30Z, and one was due at 2026-11-21T02:17Z (17 2 * * *)",
      ],
    ]);
    assert.deepEqual(await found(check("backup-age"), [cronJob({})]), [
      ["cronjob mlops/backup", "no backup was ever made, and one was due at 2026-11-21T02:17Z (17 2 * * *)"],
    ]);
  });

  it("is content with one since the last time it was due", async () => {
    assert.deepEqual(await found(check("backup-age"), [cronJob({ lastSuccessfulTime: "2026-11-21T02:18:30Z" })]), []);
  });

  it("reads each way to write a schedule", async () => {
    const made = cronJob({ lastSuccessfulTime: "2026-11-20T00:01:00Z" }, { schedule: "@daily" });
    assert.deepEqual(await found(check("backup-age"), [made]), [
      [
        "cronjob mlops/backup",
        "the last successful backup is from 2026-11-20T00:01:00Z, and one was due at 2026-11-21T00:00Z (@daily)",
      ],
    ]);
  });
});

describe("stuck-namespace", () => {
  it("names the finalizers and the load balancer that are left", async () => {
    const findings = await found(check("stuck-namespace"), broken);
    assert.deepEqual(
      findings.map(([where]) => where),
      ["namespace doctor-stuck", "service doctor-stuck/doctor-balancer"],
    );
    assert.match(findings[0]?.[1] ?? "", /finalizers remaining: mlops\.test\/nobody-takes-it-away in 1 resource/);
  });

  it("lets pods end in peace", async () => {
    const conditions = [
      { type: "NamespaceContentRemaining", status: "True", message: "pods. has 1 resource instances" },
    ];
    const labels = { "app.kubernetes.io/part-of": "mlops" };
    const namespace = (deletionTimestamp: string) => ({
      kind: "Namespace",
      metadata: { name: "examples", labels, deletionTimestamp },
      status: { conditions },
    });
    assert.deepEqual(await found(check("stuck-namespace"), [namespace("2026-11-21T14:23:30Z")]), []);
    assert.equal((await found(check("stuck-namespace"), [namespace("2026-11-21T14:00:00Z")])).length, 1);
  });

  it("is silent about another platform's on the same cluster", async () => {
    const namespace = (name: string, sign: string, going: object) => ({
      kind: "Namespace",
      metadata: { name, labels: { "app.kubernetes.io/part-of": "mlops", "mlops/platform": sign }, ...going },
      status: { conditions: [] },
    });
    const going = { deletionTimestamp: "2026-11-21T14:00:00Z" };
    const own = namespace("mlops", "0123456789abcdef", {});
    const theirs = namespace("staging-examples", "fedcba9876543210", going);
    assert.deepEqual(await found(check("stuck-namespace"), [own, theirs]), []);
    const ours = namespace("examples", "0123456789abcdef", going);
    assert.equal((await found(check("stuck-namespace"), [own, ours])).length, 1);
  });
});

describe("namespace-labels", () => {
  const restricted = Object.fromEntries(
    ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  const namespace = (name: string, labels: Record<string, string>) => ({
    kind: "Namespace",
    metadata: { name, labels },
    status: {},
  });
  const platformJson = object("ConfigMap", "airflow-platform", {
    data: { "platform.json": JSON.stringify({ projects: { alpha: { namespace: "team-alpha" } } }) },
  });
  const own = namespace("mlops", { "mlops/platform": "0123456789abcdef", ...restricted });
  const of = (...namespaces: unknown[]) => found(check("namespace-labels"), [platformJson, ...namespaces]);

  it("is content with namespaces that have them, and where they may not be listed", async () => {
    const alpha = namespace("team-alpha", { "mlops/platform": "0123456789abcdef", ...restricted });
    assert.deepEqual(await of(own, alpha), []);
    assert.deepEqual(await of(), []);
  });

  it("names what is missing or has another value, and a namespace that is not there", async () => {
    const open = { ...restricted, "pod-security.kubernetes.io/enforce": "privileged" };
    assert.deepEqual(await of(own, namespace("team-alpha", open)), [
      ["namespace team-alpha", "mlops/platform is missing, pod-security.kubernetes.io/enforce is privileged"],
    ]);
    assert.deepEqual(await of(own), [["namespace team-alpha", "it does not exist"]]);
  });

  it("prints the command that labels it", async () => {
    const alpha = namespace("team-alpha", restricted);
    const [finding] = await check("namespace-labels").find(
      snapshotOf([platformJson, own, alpha], "mlops", new Date()),
      asking(),
    );
    assert.equal(finding?.remedy, "kubectl label namespace team-alpha mlops/platform=0123456789abcdef --overwrite");
  });

  it("wants the sign of the platform that it examines, whatever others are there", async () => {
    const other = namespace("team-alpha", { "mlops/platform": "fedcba9876543210", ...restricted });
    const signed = "mlops/platform is fedcba9876543210";
    assert.deepEqual(await of(other, own), [["namespace team-alpha", signed]]);
    const [finding] = await check("namespace-labels").find(
      snapshotOf([platformJson, other, own], "mlops", new Date()),
      asking(),
    );
    assert.equal(
      finding?.remedy,
      "if no other platform uses it: kubectl label namespace team-alpha mlops/platform=0123456789abcdef --overwrite",
    );
    assert.deepEqual(await of(other, namespace("mlops", restricted)), []);
    assert.deepEqual(
      await of(other, namespace("mlops", { ...restricted, ["pod-security.kubernetes.io/warn"]: "baseline" })),
      [["namespace mlops", "pod-security.kubernetes.io/warn is baseline"]],
    );
  });

  it("has a refresh find a namespace that is missing", async () => {
    const snapshot = snapshotOf([platformJson, own], "mlops", new Date());
    const [finding] = await check("namespace-labels").find(snapshot, asking());
    assert.equal(
      finding?.remedy,
      "scripts/pulumi refresh --stack <stack>, then make up; with createNamespaces: false, first " +
        "kubectl create namespace team-alpha && kubectl label namespace team-alpha mlops/platform=0123456789abcdef " +
        "pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/audit=restricted " +
        "pod-security.kubernetes.io/warn=restricted --overwrite",
    );
  });
});

describe("blocked-network", () => {
  const policy = (egress: object[]) => object("NetworkPolicy", "allow-airflow-scheduler", { spec: { egress } });
  const inNamespace = (name: string) => ({
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }],
    ports: [{ port: 53, protocol: "UDP" }],
  });
  const anywhere = { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }, { port: 6443 }, { port: 8443 }] };
  const usual = policy([inNamespace("kube-system"), anywhere]);
  const slice = (namespace: string, service: string, port: number, address = "10.0.0.5") =>
    object(
      "EndpointSlice",
      `${service}-1`,
      { endpoints: [{ addresses: [address] }], ports: [{ name: "dns", port }] },
      { namespace, labels: { "kubernetes.io/service-name": service } },
    );
  const kubernetes = slice("default", "kubernetes", 6443);
  const kubeDns = slice("kube-system", "kube-dns", 53);
  const of = async (...objects: unknown[]) => (await found(check("blocked-network"), objects)).map(([, what]) => what);

  it("finds nothing where both have their usual addresses, or the site's own rules stand", async () => {
    assert.deepEqual(await of(usual, kubernetes, kubeDns), []);
    assert.deepEqual(await of(slice("default", "kubernetes", 16443)), []);
  });

  it("names an API server on a port that no rule allows", async () => {
    assert.deepEqual(await of(usual, slice("default", "kubernetes", 16443), kubeDns), [
      "it does not allow the API server, 10.0.0.5 port 16443",
    ]);
  });

  it("names a DNS in another namespace or on another port", async () => {
    assert.deepEqual(await of(usual, kubernetes, slice("openshift-dns", "dns-default", 5353)), [
      "it does not allow the DNS, port 5353 of pods in openshift-dns",
    ]);
    assert.deepEqual(await of(usual, kubernetes, slice("kube-system", "kube-dns", 8053)), [
      "it does not allow the DNS, port 8053 of pods in kube-system",
    ]);
  });

  it("names NodeLocal DNSCache until a range allows its address", async () => {
    const cache = slice("kube-system", "kube-dns-upstream", 53);
    assert.deepEqual(await of(usual, kubernetes, kubeDns, cache), [
      "it does not allow NodeLocal DNSCache, usually 169.254.20.10 port 53",
    ]);
    const local = { to: [{ ipBlock: { cidr: "169.254.20.10/32" } }], ports: [{ port: 53, protocol: "UDP" }] };
    assert.deepEqual(await of(policy([inNamespace("kube-system"), anywhere, local]), kubernetes, kubeDns, cache), []);
  });
});
