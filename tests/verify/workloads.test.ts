// Objects as a cluster shows them, shortened to what is looked at.
import assert from "node:assert/strict";
import { claims, type ClusterObject, jobs, pods, services, workloads } from "../../scripts/verify/workloads.ts";

const object = (
  kind: string,
  name: string,
  { spec, status, labels }: Partial<ClusterObject> & { labels?: Record<string, string> } = {},
): ClusterObject => ({
  kind,
  metadata: { name, namespace: "mlops", ...(labels && { labels }) },
  ...(spec && { spec }),
  ...(status && { status }),
});
const deployment = (name: string, replicas: number, readyReplicas: number) =>
  object("Deployment", name, { spec: { replicas }, status: { readyReplicas, updatedReplicas: replicas } });
const chart = ["api-server", "dag-processor", "scheduler", "triggerer"].map((part) =>
  deployment(`airflow-${part}`, 1, 1),
);
const condition = (type: string, message = "") => ({ conditions: [{ type, status: "True", message }] });

describe("verify: workloads", () => {
  it("are fine when each has its pods", () => {
    assert.deepEqual(
      workloads(
        [
          ...chart,
          object("StatefulSet", "postgres", {
            spec: { replicas: 1 },
            status: { readyReplicas: 1, updatedReplicas: 1 },
          }),
        ],
        true,
      ),
      {
        state: "ok",
        seen: "5 ready",
      },
    );
  });

  it("fail for one whose pods are not ready, with the command that says more", () => {
    assert.deepEqual(workloads([...chart, deployment("mlflow", 2, 1)], true), {
      state: "failed",
      seen: "Deployment mlops/mlflow has 1 of 2 pods ready",
      fix: "kubectl describe deployment mlflow --namespace mlops; make doctor names known causes",
    });
  });

  it("fail while pods of an older kind run", () => {
    const rolling = object("Deployment", "mlflow", {
      spec: { replicas: 2 },
      status: { readyReplicas: 2, updatedReplicas: 1 },
    });
    assert.equal(workloads([...chart, rolling], true).state, "failed");
  });

  it("fail for one that somebody has stopped", () => {
    assert.deepEqual(workloads([...chart, deployment("mlflow", 0, 0)], true), {
      state: "failed",
      seen: "scaled to 0: Deployment mlops/mlflow",
      fix: "kubectl scale deployment mlflow --replicas=1 --namespace mlops; an interrupted restore causes this",
    });
  });

  it("fail without the chart's, unless Airflow is outside of the cluster", () => {
    assert.match(workloads([deployment("mlflow", 1, 1)], true).seen, /^missing: airflow-api-server, airflow-dag-/);
    assert.equal(workloads([deployment("mlflow", 1, 1)], false).state, "ok");
  });
});

describe("verify: services", () => {
  const service = object("Service", "mlflow", { spec: { selector: { app: "mlflow" } } });
  const pod = (status: ClusterObject["status"]) =>
    object("Pod", "mlflow-1", { labels: { app: "mlflow", x: "y" }, ...(status && { status }) });

  it("are fine with a ready pod behind each", () => {
    assert.deepEqual(services([service, pod(condition("Ready"))], []), { state: "ok", seen: "1 with a ready pod" });
  });

  it("are fine without a part that the platform is said to run without", () => {
    assert.equal(
      services([service, { ...service, metadata: { ...service.metadata, name: "mlflow-web" } }], ["mlflow"]).seen,
      "0 with a ready pod",
    );
  });

  it("fail where the pod is missing or not ready", () => {
    for (const objects of [[service], [service, pod({ phase: "Running" })]]) {
      assert.deepEqual(services(objects, []), {
        state: "failed",
        seen: "no ready pod behind Service mlops/mlflow",
        fix: "kubectl describe service mlflow --namespace mlops; if its pods do not exist: run scripts/pulumi refresh --stack <stack>, then make up, to deploy missing objects",
      });
    }
  });
});

describe("verify: jobs", () => {
  const job = (status: ClusterObject["status"]) => object("Job", "databases", status && { status });

  it("are fine when complete; those of a CronJob do not count", () => {
    const scheduled = job(condition("Failed"));
    scheduled.metadata.ownerReferences = [{ kind: "CronJob" }];
    assert.deepEqual(jobs([job(condition("Complete")), scheduled]), { state: "ok", seen: "1 complete" });
  });

  it("fail with the reason of one that has failed, and for one that still runs", () => {
    assert.deepEqual(jobs([job(condition("Failed", "Job has reached the specified backoff limit"))]), {
      state: "failed",
      seen: "Job mlops/databases has failed: Job has reached the specified backoff limit",
      fix: "see kubectl logs job/databases --namespace mlops, then run make up to repeat it",
    });
    assert.match(jobs([job({})]).seen, /has not ended/);
  });
});

describe("verify: pods", () => {
  const waiting = (reason: string, message: string) =>
    object("Pod", "mlflow-1", {
      status: {
        containerStatuses: [{ name: "mlflow", restartCount: 7, ready: false, state: { waiting: { reason, message } } }],
      },
    });

  it("are fine while nothing is stuck, and restarts are told", () => {
    const restarted = { containerStatuses: [{ name: "statsd", restartCount: 6, ready: true }] };
    const starting = waiting("ContainerCreating", "");
    assert.deepEqual(pods([object("Pod", "a", { status: restarted }), starting]), {
      state: "ok",
      seen: "2 of the platform, 13 restarts so far",
    });
  });

  it("fail for one that crashes again and again", () => {
    assert.deepEqual(pods([waiting("CrashLoopBackOff", "back-off 5m0s")]), {
      state: "failed",
      seen: "Pod mlops/mlflow-1: container mlflow is in CrashLoopBackOff after 7 restarts (back-off 5m0s)",
      fix: "kubectl describe pod mlflow-1 --namespace mlops; make doctor names known causes",
    });
  });

  it("fail for an image that cannot be had and for a pod that no node takes", () => {
    assert.match(pods([waiting("ImagePullBackOff", "")]).seen, /is in ImagePullBackOff after 7 restarts$/);
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const unscheduled = { conditions: [{ type: "PodScheduled", status: "False", message }] };
    assert.equal(
      pods([object("Pod", "a", { status: unscheduled })]).seen,
      `Pod mlops/a: it fits on no node: ${message}`,
    );
  });
});

describe("verify: volume claims", () => {
  it("are fine when bound and fail when they wait", () => {
    const claim = (phase: string) => object("PersistentVolumeClaim", "minio-data", { status: { phase } });
    assert.deepEqual(claims([claim("Bound")]), { state: "ok", seen: "1 bound" });
    assert.deepEqual(claims([claim("Pending")]), {
      state: "failed",
      seen: "PersistentVolumeClaim mlops/minio-data is Pending",
      fix: "kubectl describe persistentvolumeclaim minio-data --namespace mlops; the storage class must exist and have free space",
    });
  });
});
