import { podGroupNames, podGroups } from "../../components/parts.ts";
import assert from "node:assert/strict";
import { kubectl } from "../cluster.ts";
import { apply } from "./deploy.ts";
import { describeForgedRequests } from "./forged-requests.ts";
import type { Session } from "./session.ts";
import { targetsUp } from "./targets.ts";
import { taskPod, taskResults } from "./task-pod.ts";

const project = "pageviews";

/** What each part of the platform lets in and what it keeps out. */
export function describeParts(session: Session): void {
  describe("its parts", () => {
    it("is ready, with no container restarted", async () => {
      const pods = await podsOf(session);
      const running = pods.filter(({ phase }) => phase === "Running").map(({ app }) => app);
      const expected = [
        "alertmanager",
        "kube-state-metrics",
        "minio",
        "mlflow",
        "postgres",
        "postgres-exporter",
        "prometheus",
      ];
      assert.deepEqual(
        expected.filter((name) => !running.includes(name)),
        [],
      );
      assert.deepEqual(
        pods.filter(({ restarts }) => restarts > 0),
        [],
      );
    });

    it("has a NetworkPolicy of its own for each pod", async () => {
      for (const { app, labels } of await podsOf(session)) {
        const matching = podGroupNames.filter(
          (peer) =>
            podGroups[peer].namespace !== "projects" &&
            Object.entries(podGroups[peer].labels).every(([key, value]) => labels[key] === value),
        );
        assert.equal(matching.length, 1, `${app}: ${matching.join(", ")}`);
      }
    });

    describe("for a task pod of a project", () => {
      let results: Record<string, string> = {};

      before(async () => {
        const { kubeconfig } = session.platform;
        await apply(kubeconfig, [taskPod(session.target, project)]);
        results = await taskResults(kubeconfig, project);
        await kubectl(kubeconfig, ["delete", "pod", "task", "--namespace", project]);
      });

      it("Postgres speaks TLS with a certificate that the pod verifies, and nothing else", () => {
        assert.equal(results["database over TLS"], `${project} TLSv1.3`);
        assert.match(results["database in plain text"] ?? "", /no pg_hba.conf entry|no encryption/);
        assert.match(results["another client's database"] ?? "", /permission denied for database/);
      });

      it("Postgres gives the project its tables, and neither extensions nor anything of the server", () => {
        for (const shared of ["template1", "postgres"]) {
          assert.match(results[`the database ${shared}`] ?? "", /permission denied for database/);
        }
        const ofServer = ["a file of the server", "a file as a large object", "a program of the server"];
        for (const what of ["an extension", "a schema", ...ofServer, "the superuser"]) {
          assert.match(results[what] ?? "", /^InsufficientPrivilege: /, what);
        }
      });

      it("MinIO opens the project's prefix and no other", () => {
        assert.equal(results["own prefix"], "written and read");
        assert.equal(results["another prefix"], "AccessDenied");
        assert.equal(results["the whole bucket"], "AccessDenied");
      });

      it("MLflow lets the project in, and nobody with another password", () => {
        assert.equal(results["own password"], "200");
        assert.equal(results["wrong password"], "401");
        assert.equal(results["host that is not allowed"], "403");
      });

      it("MLflow shows it no other users, and signs no URL of the store", () => {
        assert.equal(results["the list of users"], "403");
        assert.equal(results["a signed URL of the store"], "501");
      });

      describeForgedRequests(session);

      it("Prometheus does not answer", () => {
        assert.match(results.prometheus ?? "", /timed out/);
      });
    });

    it("makes roles and databases again without changing them", async () => {
      const before = await roles(session);
      await session.rerun("databases");
      assert.deepEqual(await roles(session), before);
      // The role has no login of its own, and the database is the administrator's.
      assert.match(before, /\|airflow\|\|$/m);
      assert.match(before, /\|postgres\|airflow\|/);
    });

    it("shows its metrics to Prometheus", async () => {
      const expected = [
        "airflow",
        "alertmanager",
        "cadvisor",
        "kube-state-metrics",
        "kubelet",
        "minio",
        "minio-bucket",
      ];
      const jobs = [...expected, "mlflow", "postgres", "prometheus"];
      const missing = async () => {
        const up = await targetsUp(session);
        return jobs.filter((job) => !up.includes(job));
      };
      // The first scrape of each target takes up to its interval.
      for (let attempt = 0; attempt < 12 && (await missing()).length > 0; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 10_000));
      }
      assert.deepEqual(await missing(), []);
    });
  });
}

interface PodFacts {
  app: string;
  phase: string;
  restarts: number;
  labels: Record<string, string>;
}

async function podsOf(session: Session): Promise<PodFacts[]> {
  const { items } = JSON.parse(await session.kubectl("get", "pods", "--output", "json")) as { items: Pod[] };
  return items.map(({ metadata: { labels }, status }) => ({
    app: labels["app.kubernetes.io/name"] ?? labels.component ?? "",
    phase: status.phase,
    restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    labels,
  }));
}

interface Pod {
  metadata: { labels: Record<string, string> };
  status: { phase: string; containerStatuses?: { restartCount: number }[] };
}

/** Each role with its identity and its database. */
function roles(session: Session): Promise<string> {
  const query =
    "SELECT r.oid, rolname, datname, d.oid FROM pg_roles r LEFT JOIN pg_database d ON datdba = r.oid WHERE rolname NOT LIKE 'pg_%' ORDER BY 2, 3";
  return session.psql("postgres", query);
}
