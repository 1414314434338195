import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createImages } from "../../components/images.ts";
import { listAt, textAt } from "../../lib/json.ts";
import { skipWithReason } from "../skip.ts";
import { allReady, started, train } from "./faults.ts";
import { nodeImageStore, noNode } from "./node.ts";
import { assertNothingLost, endedWell, facts, succeeded } from "./pipeline.ts";
import type { Changes } from "./platform.ts";
import type { Session } from "./session.ts";

type Version = "next" | "broken";

const tagOf = (version: Version) => `0.2.0-${version}`;

/** Something that has a version, and a Job that migrates its database before its servers are replaced. */
interface Upgrade {
  what: string;
  /** Whether this deployment has it. */
  isThere: (session: Session) => boolean;
  migration: string;
  servers: string;
  /** The stack's values for a version. */
  changes: (version: Version) => Changes;
  /** Names that images get: of what runs now for the next version, and one without the program for a broken one. */
  names: (version: Version, session: Session) => { image: string; name: string }[];
}

const imagesOf = (tag: string) => createImages("localhost/mlops", tag);
const images = imagesOf("0.1.0");
const own = ["provision", "mlflow", "backup", "pageviews", "pandas-basic"] as const;

const upgrades: Upgrade[] = [
  {
    what: "the platform's own images",
    isThere: () => true,
    migration: "mlflow-setup",
    servers: "app.kubernetes.io/name=mlflow",
    changes: (version) => ({ imageTag: tagOf(version) }),
    names: (version, { platform }) =>
      [...own, ...(platform.hasChart ? ["airflow" as const] : [])].map((name) => ({
        image: images.own(version === "broken" && name === "mlflow" ? "pandas-basic" : name),
        name: imagesOf(tagOf(version)).own(name),
      })),
  },
  {
    what: "Airflow",
    isThere: ({ platform }) => platform.hasChart,
    migration: "airflow-run-airflow-migrations",
    servers: "release=airflow,component in (api-server,dag-processor,scheduler,triggerer)",
    changes: (version) => ({ airflow: { image: `localhost/e2e/airflow:${tagOf(version)}` } }),
    names: (version) => [
      {
        image: version === "broken" ? images.own("pandas-basic") : images.own("airflow"),
        name: `localhost/e2e/airflow:${tagOf(version)}`,
      },
    ],
  },
];

/** Changes versions under a pipeline that runs, and tries one whose migration fails. */
export function describeUpgrades(session: Session): void {
  for (const { what, isThere, migration, servers, changes, names } of upgrades) {
    describe(`an upgrade of ${what}`, () => {
      const all = () => [...names("next", session), ...names("broken", session)];

      before(async function () {
        if (!isThere(session)) return skipWithReason(this, `${what} does not run in the cluster`);
        const store = nodeImageStore(session.platform.kubeconfig);
        if (store === undefined) return skipWithReason(this, noNode);
        for (const { image, name } of all()) await store.tag(image, name);
      });

      after(async () => {
        const store = isThere(session) ? nodeImageStore(session.platform.kubeconfig) : undefined;
        for (const { name } of all()) await store?.remove(name);
      });

      it("migrates first, and loses no task that runs", async () => {
        const before = await facts(session);
        const run = await started(session, train);
        await session.platform.apply(changes("next"));
        await endedWell(session.airflow, train.dag, run);
        assertNothingLost(before, await facts(session));
        const completed = ["get", "job", migration, "--output", "jsonpath={.status.completionTime}"];
        const migrated = Date.parse(await session.kubectl(...completed));
        for (const { image, created } of await serverPods()) {
          assert.match(image, /:0\.2\.0-next$/);
          assert.ok(created >= migrated, `${image} was there before its migration had ended`);
        }
      });

      it("leaves the old version running where the migration fails, and goes on when that is fixed", async () => {
        const before = await facts(session);
        const failing = assert.rejects(session.platform.apply(changes("broken")));
        await endBrokenMigration();
        await failing;
        for (const { image } of await serverPods()) assert.match(image, /:0\.2\.0-next$/);
        await succeeded(session.airflow, "pageviews_predict");
        await session.platform.apply();
        // An update ends with the first moment of the new pods, before the old ones are told to end.
        await allReady(session);
        for (const { image } of await serverPods()) assert.doesNotMatch(image, /-(next|broken)$/);
        await succeeded(session.airflow, "pageviews_predict");
        assertNothingLost(before, await facts(session));
      });

      /** Image and time of the pods that serve, without those that were told to end. */
      async function serverPods(): Promise<{ image: string; created: number }[]> {
        const isServing = (pod: unknown) =>
          textAt(pod, "status.phase") === "Running" && textAt(pod, "metadata.deletionTimestamp") === undefined;
        const pods = (await podsOf(servers)).filter(isServing);
        assert.notDeepEqual(pods, [], servers);
        return pods.map((pod) => ({
          image: textAt(pod, "spec.containers.0.image") ?? "",
          created: Date.parse(textAt(pod, "metadata.creationTimestamp") ?? ""),
        }));
      }

      /** Lets the Job fail that has tried in vain: by itself it tries on for ten minutes. */
      async function endBrokenMigration(): Promise<void> {
        for (let attempt = 0; attempt < 300; attempt++) {
          const pods = await podsOf(`batch.kubernetes.io/job-name=${migration}`);
          if (pods.some(hasFailed)) {
            const patch = JSON.stringify({ spec: { activeDeadlineSeconds: 1 } });
            await session.kubectl("patch", "job", migration, "--patch", patch);
            return;
          }
          await sleep(1000);
        }
        assert.fail(`no pod of ${migration} has failed`);
      }

      async function podsOf(selector: string): Promise<unknown[]> {
        return listAt(JSON.parse(await session.kubectl("get", "pods", "--selector", selector, "-o", "json")), "items");
      }
    });
  }
}

/** Whether a container of a pod with the broken image has ended with an error. */
function hasFailed(pod: unknown): boolean {
  const isBroken = textAt(pod, "spec.containers.0.image")?.endsWith(`:${tagOf("broken")}`) === true;
  const ended = listAt(pod, "status.containerStatuses").flatMap((status) =>
    ["state", "lastState"].map((when) => textAt(status, `${when}.terminated.reason`)),
  );
  return isBroken && ended.some((reason) => reason !== undefined && reason !== "Completed");
}
