import assert from "node:assert/strict";
import { kubectl } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import type { Platform } from "./platform.ts";

/** What the tests deploy. */
export interface Versions {
  /** The image that Airflow runs now, another tag of it that a node holds, and one that has no Airflow in it. */
  images: { now: string; next: string; broken: string };
  /** A DAG that needs nothing but the cluster. */
  dag: string;
}

const servers = ["api-server", "dag-processor", "scheduler", "triggerer"];

/** Changes Airflow's version under running tasks, and tries one whose migration fails. */
export function upgradeTests(
  given: () => Pick<Platform, "kubeconfig" | "namespace" | "apply">,
  { images, dag }: Versions,
): void {
  describe("an upgrade of Airflow on a live platform", function () {
    this.timeout(1_800_000);
    let platform: ReturnType<typeof given>;
    const run = async (...args: string[]) =>
      (await kubectl(platform.kubeconfig, ["--namespace", platform.namespace, ...args])).stdout;

    before(async function () {
      platform = given();
      const names = await run("get", "deployments", "--output", "name");
      if (!names.includes("airflow-api-server")) skipWithReason(this, "Airflow does not run in the cluster");
    });

    it("migrates first and loses no task that runs", async () => {
      await airflow("dags", "unpause", dag, "--yes");
      for (const id of ["upgrade-1", "upgrade-2"]) await airflow("dags", "trigger", dag, "--run-id", id);
      await upgrade(images.next);
      assert.deepEqual(new Set(await imagesOf("release=airflow,tier=airflow")), new Set([images.next]));
      const migrated = Date.parse(await field("job/airflow-run-airflow-migrations", "{.status.completionTime}"));
      const starts = await run(
        ...["get", "pods", "--selector", `release=airflow,component in (${servers.join(",")})`],
        ...["--output", "jsonpath={range .items[*]}{.metadata.creationTimestamp}{'\\n'}{end}"],
      );
      for (const start of starts.trim().split("\n")) assert.ok(Date.parse(start) >= migrated, start);
      await hasSucceeded("upgrade-1", "upgrade-2");
    });

    it("leaves the old version running where the migration fails, and goes on when it is mended", async () => {
      await assert.rejects(upgrade(images.broken));
      const selector = `release=airflow,component in (${servers.join(",")})`;
      assert.deepEqual(new Set(await imagesOf(selector)), new Set([images.next]));
      await airflow("dags", "trigger", dag, "--run-id", "upgrade-3");
      await hasSucceeded("upgrade-3");
      await upgrade(images.now);
      assert.deepEqual(new Set(await imagesOf(selector)), new Set([images.now]));
    });

    const upgrade = (image: string) => platform.apply({ airflow: { image } });

    function airflow(...args: string[]): Promise<string> {
      return run("exec", "deployment/airflow-api-server", "--container=api-server", "--", "airflow", ...args);
    }

    /** Images of the first container of Airflow's pods that run; workers count, other containers do not. */
    async function imagesOf(selector: string): Promise<string[]> {
      const text = await run(
        ...["get", "pods", "--selector", selector, "--field-selector", "status.phase=Running"],
        ...["--output", "jsonpath={range .items[*]}{.spec.containers[0].image}{'\\n'}{end}"],
      );
      return text.trim().split("\n");
    }

    function field(object: string, path: string): Promise<string> {
      return run("get", object, "--output", `jsonpath=${path}`);
    }

    async function hasSucceeded(...ids: string[]): Promise<void> {
      let left = ids;
      for (let attempt = 0; attempt < 60; attempt++) {
        const text = await airflow("dags", "list-runs", dag, "--output", "json");
        const runs = JSON.parse(text.slice(text.indexOf("["))) as { run_id: string; state: string }[];
        const state = new Map(runs.map(({ run_id, state }) => [run_id, state]));
        assert.deepEqual(
          ids.filter((id) => state.get(id) === "failed"),
          [],
        );
        left = ids.filter((id) => state.get(id) !== "success");
        if (left.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 5_000));
      }
      assert.fail(`still not over: ${left.join(", ")}`);
    }
  });
}
