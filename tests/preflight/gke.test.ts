// The checks of a GKE stack with a stand-in for gcloud and one for Google's APIs; no real cloud is asked.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permissionsOf } from "../../components/cluster/gke/preflight/deployer-permissions.ts";
import { planOf } from "./plan-of.ts";
import { standIn } from "../stand-in.ts";
import type { Deployed } from "../../components/preflight/plan.ts";
import { gkeRows } from "../../components/cluster/gke/preflight/gke-rows.ts";
import { cpuMetric } from "../../components/cluster/gke/preflight/checks/quotas.ts";
import { permissionsRow } from "../../components/cluster/gke/preflight/checks/permissions.ts";
import type { PlanOf } from "../../components/preflight/plan.ts";
import type { Row } from "../../components/preflight/row.ts";
import { disabled, GoogleStandIn, refusal, reply } from "./google-stand-in.ts";

const token = "ya29.not-to-be-shown";
const number = "4711";
const project = "your-project-id";

/** What a new project of an owner answers. */
const well: GoogleStandIn["replies"] = [
  [/^POST .*\/tokeninfo$/, reply({ email: "ana@corp.test" })],
  [/^GET .*billingInfo$/, reply({ billingEnabled: true })],
  [/^POST .*:testIamPermissions$/, (body) => reply(JSON.parse(body) as object)],
  [/^GET .*\/services\?/, reply({ services: [{ config: { name: "compute.googleapis.com" }, state: "ENABLED" }] })],
  [/^GET .*machineTypes\/e2-standard-4$/, reply({ guestCpus: 4 })],
  [/^GET .*\/regions\/us-central1$/, reply({ quotas: regional(24) })],
  [/^GET \/COMPUTE\/projects\/[\w-]+$/, reply({ quotas: [{ metric: "NETWORKS", limit: 5, usage: 1 }] })],
  [/^GET \/CONTAINER/, disabled(`projects/${number}`)],
  [/^GET \/RESOURCE_MANAGER\/projects\/[\w-]+$/, reply({ lifecycleState: "ACTIVE", projectNumber: number })],
];

function regional(cpus: number) {
  return [
    { metric: "CPUS", limit: cpus, usage: 0 },
    { metric: "SSD_TOTAL_GB", limit: 250, usage: 0 },
    { metric: "IN_USE_ADDRESSES", limit: 4, usage: 0 },
  ];
}

const loggedIn = (active: string, own = token) =>
  `case "$*" in
  "auth application-default print-access-token") echo ${token};;
  "auth list "*) echo '[{"account":"${active}","status":"ACTIVE"}]';;
  "auth print-access-token") echo ${own};;
  esac`;

describe("the preflight of a GKE stack", () => {
  const google = new GoogleStandIn();
  const environment = { ...process.env };
  let plan: PlanOf<"gke">;
  let folder = "";

  before(async () => {
    plan = await planOf("gke", "gke");
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
    Object.assign(process.env, await google.start(), { PATH: `${folder}:/usr/bin:/bin` });
    delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
    delete process.env.GOOGLE_CREDENTIALS;
  });
  after(async () => {
    process.env = environment;
    rmSync(folder, { recursive: true });
    await google.stop();
  });
  beforeEach(() => {
    google.replies = [...well];
    google.asked.length = 0;
    standIn(folder, "gke-gcloud-auth-plugin", "");
    standIn(folder, "gcloud", loggedIn("ana@corp.test"));
  });

  const rows = (state: Deployed["state"] = [], identityOnly = false) => gkeRows(plan, { state, identityOnly });
  const rowOf = (all: readonly Row[], check: string) => all.find((row) => row.check === check);

  it("is a table of what is right in a new project", async () => {
    assert.deepEqual(
      (await rows()).map(({ state, check, found }) => [state, check, found]),
      [
        ["ok", "credentials", "Application Default Credentials of ana@corp.test"],
        ["ok", "project", `ana@corp.test sees ${project}, number ${number}`],
        ["ok", "kubectl", "ana@corp.test, as the provider"],
        ["ok", "billing", `${project} has a billing account`],
        ["ok", "permissions", `user:ana@corp.test has all ${neededCount()} that the stack's resources need`],
        ["ok", "services", "Service Usage answers; the program enables 10 of 11"],
        ["ok", "quota of vCPUs in us-central1", "0 of 24 are in use, and the first deployment needs 4"],
        [
          "ok",
          "quota of GiB of SSD in us-central1",
          "0 of 250 are in use, and the first deployment needs 100; not enough for the pools' maximum, 400",
        ],
        ["ok", "quota of addresses in use in us-central1", "0 of 4 are in use, and the first deployment needs 1"],
        ["ok", "quota of networks", "1 of 5 are in use, and the first deployment needs 1"],
        ["ok", "name of the registry", "mlops is free"],
        ["ok", "name of the bucket", `${project}-mlops-data is free`],
        ["ok", "name of the cluster", "mlops is free"],
      ],
    );
  });

  function neededCount(): number {
    const types = new Set(plan.resources.map(({ type }) => type));
    return new Set([...types].flatMap((type) => permissionsOf[type] ?? [])).size;
  }

  it("sends the token in a header or a form, and puts it into no row and no argument", async () => {
    const all = await rows();
    assert.ok(!JSON.stringify(all).includes(token));
    assert.ok(!readFileSync(join(folder, "calls"), "utf8").includes(token));
    assert.ok(google.asked.every(({ request }) => !request.includes(token)));
    const others = google.asked.filter(({ request }) => !request.includes("tokeninfo"));
    assert.ok(others.length > 8 && others.every(({ authorization }) => authorization === `Bearer ${token}`));
  });

  it("asks nothing further without credentials, and says how to get them", async () => {
    standIn(folder, "gcloud", "echo 'ERROR: (gcloud.auth) Your default credentials were not found.' >&2; exit 1");
    const all = await rows();
    const [first] = all;
    assert.deepEqual(first, {
      check: "credentials",
      state: "failed",
      found: "Your default credentials were not found.",
      fix: "gcloud auth application-default login",
    });
    assert.deepEqual(rowOf(all, "permissions")?.state, "not checked");
    assert.equal(google.asked.length, 0);
  });

  it("names the page of gcloud where it is missing, and the command for its plugin", async () => {
    rmSync(join(folder, "gke-gcloud-auth-plugin"));
    process.env.PATH = folder;
    assert.equal(rowOf(await rows(), "kubectl")?.fix, "gcloud components install gke-gcloud-auth-plugin");
    rmSync(join(folder, "gcloud"));
    const all = await rows();
    process.env.PATH = `${folder}:/usr/bin:/bin`;
    for (const check of ["credentials", "kubectl"]) {
      assert.equal(rowOf(all, check)?.fix, "install it: https://cloud.google.com/sdk/docs/install");
    }
  });

  it("tells a project that the identity does not see", async () => {
    google.replies.unshift([/^GET \/RESOURCE_MANAGER/, refusal("The caller does not have permission")]);
    const all = await rows();
    assert.deepEqual(rowOf(all, "project"), {
      check: "project",
      state: "failed",
      found: `${project} does not exist, or ana@corp.test may not see it`,
      fix: "scripts/pulumi config set --stack gke --path 'cluster.project'",
    });
    assert.equal(rowOf(all, "names")?.state, "not checked");
  });

  it("asks whether another account of gcloud may deploy into the cluster", async () => {
    standIn(folder, "gcloud", loggedIn("bob@corp.test", "other"));
    const found = "bob@corp.test, while the provider is ana@corp.test";
    assert.deepEqual(rowOf(await rows(), "kubectl")?.found, `${found}; both may deploy to the cluster`);
    google.replies.unshift([/testIamPermissions$/, reply({})]);
    assert.deepEqual(rowOf(await rows(), "kubectl"), {
      check: "kubectl",
      state: "failed",
      found: `${found}; it lacks container.clusters.connect, container.namespaces.create`,
      fix: "gcloud config set account ana@corp.test",
    });
  });

  it("tells each thing that stops a deployment, with its fix", async () => {
    google.replies.unshift(
      [/billingInfo$/, reply({ billingEnabled: false })],
      [/\/services\?/, disabled(`projects/${number}`)],
      [/\/regions\//, reply({ quotas: regional(2) })],
      [/\/STORAGE\/b\//, reply({ name: "theirs" })],
    );
    const all = (await rows()).filter(({ state }) => state === "failed");
    assert.deepEqual(
      all.map(({ check, found, fix }) => [check, found, fix]),
      [
        [
          "billing",
          `${project} has no billing account`,
          `gcloud billing projects link ${project} --billing-account <account>`,
        ],
        [
          "services",
          "Service Usage is off, by which the program enables the others",
          `gcloud services enable serviceusage.googleapis.com --project ${project}`,
        ],
        [
          "quota of vCPUs in us-central1",
          "0 of 2 are in use, and the first deployment needs 4",
          `open https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
        ],
        [
          "name of the bucket",
          `${project}-mlops-data exists, and this stack's state does not have it`,
          "scripts/pulumi config set --stack gke --path 'cluster.name'",
        ],
      ],
    );
  });

  it("takes a name in the stack's own state for its own, and cannot tell without a state", async () => {
    google.replies.unshift([/\/STORAGE\/b\//, reply({})]);
    const own = [{ type: "gcp:storage/bucket:Bucket", id: `${project}-mlops-data` }];
    assert.match(rowOf(await rows(own), "name of the bucket")?.found ?? "", /is this stack's own$/);
    const unread = await gkeRows(plan, { state: undefined, identityOnly: false });
    assert.equal(rowOf(unread, "name of the bucket")?.state, "unknown");
  });

  it("says that it cannot tell where it may not ask, in Google's words", async () => {
    const denied = refusal("Permission 'x.get' denied");
    google.replies.unshift([/billingInfo$|\/services\?|machineTypes|\/regions\/|CONTAINER|STORAGE/, denied]);
    const all = await rows();
    const open = all.filter(({ state }) => state === "unknown").map(({ check }) => check);
    assert.deepEqual(open, ["billing", "services", "quotas", "name of the bucket", "name of the cluster"]);
    assert.match(rowOf(all, "billing")?.found ?? "", /^Permission 'x.get' denied$/);
  });

  it("takes a service that is off in another project for no answer", async () => {
    google.replies.unshift([/CONTAINER/, disabled("projects/1")]);
    assert.equal(rowOf(await rows(), "name of the cluster")?.state, "unknown");
  });

  it("asks only for the identities before an update", async () => {
    assert.deepEqual(
      (await rows([], true)).map(({ check }) => check),
      ["credentials", "project", "kubectl"],
    );
  });
});

describe("permissions that Google does not grant", () => {
  const row = (asked: string[], granted: string[], member = "user:ana@corp.test") =>
    permissionsRow([{ asked, reply: reply({ permissions: granted }) }], { project: "acme", member });

  it("are named with the role that has them", () => {
    assert.deepEqual(row(["dns.changes.create", "compute.networks.create"], ["dns.changes.create"]), {
      check: "permissions",
      state: "failed",
      found: "user:ana@corp.test lacks compute.networks.create",
      fix:
        "gcloud projects add-iam-policy-binding acme --member user:ana@corp.test " +
        "--role roles/compute.networkAdmin --condition=None",
    });
  });

  it("keep the condition of their role", () => {
    assert.match(
      row(["resourcemanager.projects.setIamPolicy"], []).fix ?? "",
      / --role roles\/resourcemanager\.projectIamAdmin --condition="\^;\^expression=[^;]+, \[\]\)[^;]+;title=node role only"$/,
    );
  });

  it("are not known of a role whose condition is about a bucket's name", () => {
    assert.equal(row(["storage.buckets.get"], []).state, "unknown");
  });
});

describe("the quota of a machine's CPUs", () => {
  it("is that of its series, and not known of one that regions do not list", () => {
    assert.deepEqual(["e2-standard-4", "n2-standard-2", "c4-standard-4"].map(cpuMetric), [
      "CPUS",
      "N2_CPUS",
      undefined,
    ]);
  });
});
