import assert from "node:assert/strict";
import { testCluster } from "../cluster.ts";
import { type EngineProject, engineProject, findCli } from "../engine/project.ts";
import { skipWithReason } from "../skip.ts";
import { type Company, startCompany, whyNoCompany } from "./company/company.ts";
import { mirroredImages } from "./company/images.ts";
import { askForTunnel } from "./company/proxy.ts";
import { companyNamespaces, companySecrets, companyStack, dbaStatements, stackFile } from "./company/stack.ts";
import { apply, removeNamespaces } from "./deploy.ts";
import { whyNoProcesses } from "./airflow-processes.ts";
import { connectAirflow, description } from "./deployment.ts";
import { leftovers } from "./leftovers.ts";
import { nodeImages } from "./node-images.ts";
import { nodeImageStore, noNode } from "./node.ts";
import { runPipeline } from "./pipeline.ts";
import { pulumiPlatform } from "./pulumi-platform.ts";
import { Session } from "./session.ts";
import { chart } from "../program/program-cases.ts";
import { kubectl } from "../cluster.ts";

const namespaces = ["ml", "pageviews"];
/** Nodes here have Debian's Alertmanager, which is older than the pinned one and does not know proxy_from_environment. */
const tooOld = "/alertmanager:";
const nodeLabels = ["corp.example/platform", "corp.example/tasks"];
const priorityClass = {
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name: "business-critical" },
};

/** examples/stacks/corporate.yaml on a network of that kind: nothing outside but by the proxy, nothing without a login. */
describe("the corporate example on a real cluster", function () {
  this.timeout(45 * 60_000);
  this.bail(true);
  const session = new Session();
  let kubeconfig = "";
  let company: Company | undefined;
  let project: EngineProject | undefined;

  before(async function () {
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    const cli = findCli() ?? skipWithReason(this, "no Pulumi CLI is found");
    const store = nodeImageStore(cluster.kubeconfig) ?? skipWithReason(this, noNode);
    const reason = whyNoCompany() ?? (chart === undefined ? whyNoProcesses() : undefined);
    if (reason !== undefined) return skipWithReason(this, reason);
    kubeconfig = cluster.kubeconfig;
    await removeNamespaces(kubeconfig, namespaces);
    company = await startCompany(kubeconfig, store);
    await company.database.psql("postgres", dbaStatements());
    project = await engineProject(cli, stackFile, () => undefined);
    for (const [path, value] of Object.entries(companySecrets(company))) {
      await project.pulumi("config", "set", "--secret", "--path", path, value);
    }
    const configuration = companyStack(company, kubeconfig);
    const images = await mirroredImages(project, configuration);
    const pushed = await push(company, images);
    for (const label of nodeLabels)
      await kubectl(kubeconfig, ["label", "nodes", "--all", "--overwrite", `${label}=true`]);
    await apply(kubeconfig, [{ ...priorityClass, value: 1000 }, ...companyNamespaces(company)]);
    session.platform = await pulumiPlatform(project, kubeconfig, configuration, {
      preview: project,
      images: new Set(pushed),
    });
  });

  after(async () => {
    await session.close();
    await company?.stop();
    await company?.registry.remove();
    if (kubeconfig === "") return;
    await removeNamespaces(kubeconfig, namespaces);
    for (const label of nodeLabels) await kubectl(kubeconfig, ["label", "nodes", "--all", `${label}-`]);
    await kubectl(kubeconfig, ["delete", "priorityclass", priorityClass.metadata.name, "--ignore-not-found"]);
  });

  /** Puts the images that the node holds into the registry; returns their names there. */
  async function push({ registry }: Company, images: Map<string, string>): Promise<string[]> {
    const held = await nodeImages(kubeconfig);
    const found = [...images].filter(([, image]) => held.has(image) && !image.includes(tooOld));
    for (const [name, image] of found) await registry.push(image, name);
    return found.map(([name]) => name);
  }

  it("is on a network whose registry and proxy serve nothing without a login", async () => {
    assert.ok(company);
    const anonymous = await fetch(`http://${company.registry.host}/v2/`);
    assert.equal(anonymous.status, 401);
    // Nothing of the platform runs yet: this attempt is the only one.
    assert.equal(await askForTunnel(company.proxyUrl, "wikimedia.org:443"), 407);
    assert.deepEqual([...company.proxy.refused], ["wikimedia.org: no login"]);
  });

  it("is deployed with every image from a registry that asks for a password", async () => {
    assert.ok(company);
    await session.platform.apply();
    await connectAirflow(session);
    console.log(`      ${description(session)}`);
    const pods = await session.kubectl(
      "get",
      "pods",
      "--selector",
      "component!=statsd",
      "--output",
      "jsonpath={.items[*].spec.containers[*].image}",
    );
    const { host } = company.registry;
    assert.deepEqual(
      pods.split(" ").filter((image) => !image.startsWith(`${host}/`)),
      [],
    );
  });

  it("runs the pipeline: Wikimedia by the proxy, rows in the company's Postgres, the model in its S3", async () => {
    assert.ok(company);
    await runPipeline(session);
    const { database, objectStore, proxy } = company;
    const rows = (table: string) => database.psql("ml_pageviews", `SELECT count(*) FROM ${table}`);
    assert.deepEqual([await rows("daily_views"), await rows("predictions")], ["1464", "14"]);
    const objects = await objectStore.objects();
    assert.ok(objects.some((path) => path.includes("/production/mlflow/artifacts/")));
    assert.ok(objects.some((path) => path.includes("/production/airflow/logs/")));
    assert.deepEqual([...proxy.asked], ["wikimedia.org"]);
  });

  it("stores a backup in the company's S3", async () => {
    assert.ok(company);
    const job = ["create", "job", "--from=cronjob/backup", "backup-now"];
    await session.kubectl(...job);
    await session.kubectl("wait", "--for=condition=Complete", "job/backup-now", "--timeout=600s");
    const objects = await company.objectStore.objects();
    assert.ok(objects.some((path) => path.includes("/production/backups/")));
  });

  it("goes without a trace, and leaves the company's namespaces and data", async () => {
    assert.ok(company && project);
    await session.close();
    // `make destroy` refuses: outside of minikube, the data is protected.
    await project.script("pulumi", "destroy", "--yes", "--ignore-protect", "--stack", project.stack);
    await project.remove();
    assert.deepEqual(
      await leftovers(session.platform),
      namespaces.map((name) => `namespace/${name}`),
    );
    assert.equal(await company.database.psql("ml_pageviews", "SELECT count(*) FROM daily_views"), "1464");
  });
});
