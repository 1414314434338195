import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseQuantity } from "../../lib/quantity.ts";
import type { ConfigMap, Pod, ResourceQuota } from "../../lib/kubernetes/api.ts";
import type { FindingJson } from "../../scripts/doctor/report.ts";
import { kubectl } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import {
  type BrokenTarget,
  brokenLabel,
  brokenObjects,
  brokenRole,
  brokenSql,
  brokenVariable,
  finalizer,
  stuckNamespace,
  stuckObjects,
} from "./doctor-breakages.ts";
import { apply } from "./deploy.ts";

/** A live platform, known when its tests run. */
export interface Platform {
  kubeconfig: string;
  namespace: string;
}

const script = join(import.meta.dirname, "../../scripts/doctor/doctor.ts");
const selector = Object.entries(brokenLabel)
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** Everything that is broken: the check, where, and a part of what is found. */
const expected: [check: string, where: RegExp, found: RegExp][] = [
  ["image-not-pulled", /doctor-image, container broken$/, /^localhost\/mlops\/pageviews:doctor: ./],
  [
    "pending-volume",
    /persistentvolumeclaim \S+\/doctor-class$/,
    /the storage class doctor-missing does not exist; the cluster has \w/,
  ],
  ["pending-volume", /pod \S+\/doctor-zone$/, /bound to a zone or node .* affinity/],
  ["pending-pod", /pod \S+\/doctor-large$/, /^requests 1000 CPU and .*, but the largest node has \d.*Insufficient cpu/],
  ["hook-mode", /job \S+\/doctor-hook$/, /Helm hook \(post-install,post-upgrade\)/],
  ["failed-job", /job \S+\/doctor-job$/, /^BackoffLimitExceeded: doctor finds no bucket$/],
  ["old-password", /secret \S+\/doctor-password$/, new RegExp(`^Postgres has another password for ${brokenRole}$`)],
  ["not-starting", /doctor-crash, container broken$/, /^ended with exit code 3, restarts \d+: doctor has no reason$/],
  ["killed-by-probe", /doctor-probe, container broken$/, /^killed by its liveness probe, restarts \d+: .*not alive/],
  [
    "out-of-memory",
    /doctor-memory, container broken$/,
    /^killed for exceeding its memory limit of 32Mi, restarts \d+$/,
  ],
  ["git-credentials", /doctor-git-secret, container git-sync$/, /secret "airflow-git-\w+" not found/],
  ["identity-missing", /serviceaccount \S+\/doctor-cloud$/, /has no iam\.gke\.io\/gcp-service-account/],
  [
    "identity-missing",
    /pod \S+\/doctor-quota$/,
    /runs as service account default, but the identity belongs to doctor-cloud/,
  ],
  ["fernet-key", /secret \S+\/airflow-keys$/, new RegExp(`use another key: .*variable ${brokenVariable}`)],
  ["mlflow-host", /ingress \S+\/doctor-host$/, /the host mlflow\.doctor\.example, which --allowed-hosts does not list/],
  ["mlflow-host", /pod \S+\/mlflow-/, /rejected the host mlflow\.doctor\.example \d+ times/],
  ["quota-full", /resourcequota /, /requests\.cpu: \S+ of \S+ used, a task requests/],
  ["backup-age", /cronjob \S+\/doctor-backup$/, /^it is suspended; no backup was ever made$/],
  ["stuck-namespace", new RegExp(`namespace ${stuckNamespace}$`), new RegExp(finalizer)],
  ["stuck-namespace", new RegExp(`service ${stuckNamespace}/doctor-balancer$`), /its load balancer .* still exists/],
];
const refusedPassword = ["git-credentials", /doctor-git, container git-sync$/, /Authentication failed/] as const;

/** What the log of a pod that lives on says for some minutes more. */
const isLogged = ({ check, where }: FindingJson) => check === "mlflow-host" && where.startsWith("pod ");

/**
 * Breaks everything that the doctor knows at once, beside what runs on a live platform, and looks once it is seen.
 *
 * @param platformOf known once the tests run
 */
export function doctorSuite(platformOf: () => Platform): void {
  describe("the doctor of a live platform", function () {
    this.timeout(300_000);
    let earlier: FindingJson[] = [];
    let findings: FindingJson[] = [];
    let broken: BrokenTarget | undefined;

    before(async () => {
      const platform = platformOf();
      earlier = await doctor(platform);
      broken = await brokenTargetOf(platform);
      await breakEverything(platform, broken);
      findings = await seen(platform, broken.gitImage !== undefined);
    });

    after(async () => {
      await repairEverything(platformOf());
    });

    for (const [check, where, found] of expected) {
      it(`finds ${check}: ${found.source}`, () => {
        assertFound(findings, check, where, found);
      });
    }

    it("finds git's password refused", function () {
      if (broken?.gitImage === undefined) return skipWithReason(this, "no node holds an image with git");
      assertFound(findings, ...refusedPassword);
    });

    it("names a remedy and a thread for each", () => {
      assert.deepEqual(
        findings.filter(({ remedy, threads }) => remedy === "" || !threads[0]?.startsWith("https://github.com/")),
        [],
      );
    });

    it("finds nothing of it once it is fixed", async () => {
      await repairEverything(platformOf());
      const known = new Set(earlier.map(keyOf));
      const left = (await doctor(platformOf())).filter((one) => !isLogged(one) && !known.has(keyOf(one)));
      assert.deepEqual(left, []);
    });
  });
}

function keyOf({ check, where }: FindingJson): string {
  return `${check} ${where}`;
}

function assertFound(findings: FindingJson[], check: string, where: RegExp, found: RegExp): void {
  const near = findings.filter((one) => one.check === check);
  assert.ok(
    near.some((one) => where.test(one.where) && found.test(one.found)),
    `found of ${check}: ${JSON.stringify(near, null, 1)}`,
  );
}

/** As `make doctor` runs it. */
function doctor({ kubeconfig, namespace }: Platform): Promise<FindingJson[]> {
  const args = [script, "--namespace", namespace, "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env: { ...process.env, KUBECONFIG: kubeconfig } }, (error, stdout, stderr) => {
      if (stdout === "") reject(new Error(stderr, { cause: error }));
      else resolve((JSON.parse(stdout) as { findings: FindingJson[] }).findings);
    });
  });
}

/** Looks until everything is seen; what is not by then fails its own test. */
async function seen(platform: Platform, hasGit: boolean): Promise<FindingJson[]> {
  const wanted = [...expected, ...(hasGit ? [refusedPassword] : [])];
  const deadline = Date.now() + 120_000;
  for (;;) {
    const findings = await doctor(platform);
    const isSeen = wanted.every(([check, where, found]) =>
      findings.some((one) => one.check === check && where.test(one.where) && found.test(one.found)),
    );
    if (isSeen || Date.now() > deadline) return findings;
    await sleep(3000);
  }
}

async function brokenTargetOf({ kubeconfig, namespace }: Platform): Promise<BrokenTarget> {
  const list = async <T>(kind: string, where: string): Promise<T[]> => {
    const { stdout } = await kubectl(kubeconfig, ["get", kind, "--namespace", where, "--output", "json"]);
    return (JSON.parse(stdout) as { items: T[] }).items;
  };
  const maps = await list<ConfigMap>("configmaps", namespace);
  const text = maps.find(({ metadata }) => metadata.name === "airflow-platform")?.data?.["platform.json"] ?? "";
  const [project] = Object.values((JSON.parse(text) as { projects: Record<string, { namespace: string }> }).projects);
  assert.ok(project, "the platform has no project");
  const pods = await list<Pod>("pods", namespace);
  const images = pods.flatMap(({ spec }) => spec.containers.map(({ image = "" }) => image));
  const image = images.find((one) => one.includes("/postgres:"));
  assert.ok(image, "no pod of the platform runs Postgres");
  const secrets = (await list<ConfigMap>("secrets", namespace)).map(({ metadata }) => metadata.name);
  const gitSecret = ["airflow-git-token", "airflow-git-ssh"].find((name) => !secrets.includes(name));
  assert.ok(gitSecret);
  const [quota] = await list<ResourceQuota>("resourcequotas", project.namespace);
  const left = (resource: string): number => {
    const [hard, used] = [quota?.status.hard, quota?.status.used].map((part) => parseQuantity(part?.[resource]));
    return (hard ?? 0) - (used ?? 0);
  };
  return {
    platform: namespace,
    project: project.namespace,
    image,
    gitImage: images.find((one) => one.includes("/airflow:")),
    gitSecret,
    quotaLeft: { cpu: String(left("requests.cpu")), memory: String(left("requests.memory")) },
  };
}

async function breakEverything(platform: Platform, broken: BrokenTarget): Promise<void> {
  const { kubeconfig, namespace } = platform;
  const sql = brokenSql();
  await query(platform, "postgres", sql.postgres);
  await query(platform, "airflow", sql.airflow);
  await apply(kubeconfig, [...brokenObjects(broken), ...stuckObjects()]);
  await kubectl(kubeconfig, ["delete", "namespace", stuckNamespace, "--wait=false"]);
  const request = "urllib.request.Request('http://localhost:5000/', headers={'Host': 'mlflow.doctor.example'})";
  const code = `import urllib.request, urllib.error
try: urllib.request.urlopen(${request})
except urllib.error.HTTPError as error: print(error.code)`;
  const refused = await kubectl(kubeconfig, [
    ...["exec", "deployment/mlflow", "--namespace", namespace, "--", "python3", "-c", code],
  ]);
  assert.equal(refused.stdout.trim(), "403");
}

/** May run at any time and any number of times. */
async function repairEverything(platform: Platform): Promise<void> {
  const { kubeconfig } = platform;
  const { repair } = brokenSql();
  const noFinalizers = ["--type", "merge", "--patch", '{"metadata":{"finalizers":null}}'];
  for (const inside of ["configmap/doctor-kept", "service/doctor-balancer"]) {
    const args = ["patch", inside, "--namespace", stuckNamespace, ...noFinalizers];
    // Gone already where it was fixed before.
    await kubectl(kubeconfig, args).catch(() => undefined);
  }
  const kinds = "pods,jobs,cronjobs,persistentvolumeclaims,configmaps,secrets,serviceaccounts,ingresses";
  const all = ["--all-namespaces", "--selector", selector, "--ignore-not-found", "--timeout=60s"];
  await kubectl(kubeconfig, ["delete", kinds, ...all]);
  const namespaced = ["--selector", selector, "--ignore-not-found", "--timeout=60s"];
  await kubectl(kubeconfig, ["delete", "persistentvolumes,namespaces", ...namespaced]);
  await query(platform, "airflow", repair.airflow);
  await query(platform, "postgres", repair.postgres);
}

/** As the superuser inside the server's pod. */
async function query({ kubeconfig, namespace }: Platform, database: string, statement: string): Promise<void> {
  const psql = ["psql", "--username=postgres", `--dbname=${database}`, "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"];
  await kubectl(kubeconfig, ["exec", "--stdin", "postgres-0", "--namespace", namespace, "--", ...psql], statement);
}
