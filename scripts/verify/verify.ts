// make verify: checks a live platform from outside, as docs/verify.md says.
//
//   scripts/verify/verify.ts [--namespace mlops] [--context NAME] [--stack minikube] [--airflow-url URL] [--without PART,…] [--only CHECK,…] [--json]
//
// Ends with 1 when a check fails, with 2 when there is no platform to check, with 130 when it is interrupted; what it
// made is removed in any case.
import { webUiNames, webUis } from "../../components/parts.ts";
import { runScript } from "../../lib/command-line.ts";
import { kubectl } from "../../lib/kubernetes/kubectl.ts";
import { assertContact } from "../first-run/contact.ts";
import { projectEnvironment } from "../platform/project-environment.ts";
import { AirflowSession } from "./airflow-session.ts";
import { type Check, Failure, selectChecks, type Progress, runChecks } from "./check.ts";
import { Cleanup } from "./cleanup.ts";
import type { DagRun } from "./dag-run.ts";
import { clusterOf, versionsOf } from "./facts.ts";
import { forgedRequests } from "./forged/check.ts";
import { signedUrls } from "./forged/signed-urls.ts";
import { objectStorage, webInterface } from "./interfaces.ts";
import { interruption } from "./interruption.ts";
import { alerts, dashboards, targets } from "./metrics.ts";
import { type Options, parse } from "./options.ts";
import { pageviews, project as pipelineProject } from "./pageviews.ts";
import { platformCheck } from "./platform-check.ts";
import { airflowAccess, type Platform, readPlatform } from "./platform.ts";
import { progressTo } from "./progress.ts";
import { counts, type Report, table } from "./report.ts";
import { taskLogs } from "./task-logs.ts";
import { claims, type ClusterObject, jobs, pods, services, workloads } from "./workloads.ts";

interface Run {
  platform: Platform;
  session: AirflowSession;
  cleanup: Cleanup;
  progress: Progress;
  signal: AbortSignal;
}

/** Every check, in the order in which the table has them: what the later ones look at, the earlier ones have caused. */
function checks(run: Run): Check[] {
  const { platform } = run;
  const { target, airflowUrl } = platform;
  const done: DagRun[] = [];
  const doctor = "make doctor names known causes";
  const kinds = "deployments,statefulsets,jobs,pods,services,persistentvolumeclaims";
  const inNamespace = (look: (objects: ClusterObject[]) => ReturnType<typeof pods>) => () => {
    const { items } = JSON.parse(kubectl(target, ["get", kinds, "--output", "json"])) as { items: ClusterObject[] };
    return Promise.resolve(look(items));
  };
  const hasLogStore = () =>
    kubectl(target, ["get", "configmap", "airflow-log-storage", "--ignore-not-found", "--output", "name"]) !== "";
  const fix = doctor;
  return [
    { name: "workloads", fix, run: inNamespace((objects) => workloads(objects, airflowUrl === undefined)) },
    { name: "services", fix, run: inNamespace((objects) => services(objects, platform.without)) },
    { name: "jobs", fix, run: inNamespace(jobs) },
    { name: "pods", fix, run: inNamespace(pods) },
    { name: "volume claims", fix, run: inNamespace(claims) },
    ...webUiNames.map((ui) => ({
      name: `${possessive(webUis[ui].title)} login`,
      fix,
      run: () => webInterface(platform, ui),
    })),
    { name: "MinIO's S3 keys", fix, run: () => objectStorage(platform) },
    { name: "signed URLs", fix, run: () => signedUrls(platform) },
    { name: "forged requests", fix, run: () => forgedRequests(platform, run.progress) },
    { name: "projects' connections", fix, run: () => platformCheck(run, done) },
    { name: pipelineCheck, fix, run: () => pageviews(run, done) },
    { name: "task logs", fix, run: () => taskLogs(run.session, done, hasLogStore()) },
    { name: "metrics", fix, run: () => targets(platform, run) },
    { name: "dashboards", fix, run: () => dashboards(platform, run) },
    { name: "alert rules", fix, run: () => alerts(platform, run) },
  ];
}

const pipelineCheck = "pageviews pipeline";

const possessive = (name: string) => (name.endsWith("s") ? `${name}'` : `${name}'s`);

/** With the passwords of now: a rotation may have come in between. */
function readAgain(options: Options, before: Platform): Platform {
  try {
    return readPlatform(options);
  } catch {
    return before;
  }
}

/** Before anything is started: the pipeline would fail in its first task. */
function assertContacts({ target, description }: Platform, { only, stack }: Options): void {
  const own = description.projects[pipelineProject];
  const isWanted = only === undefined || only.includes(pipelineCheck);
  if (own !== undefined && isWanted) assertContact(projectEnvironment(target, own), pipelineProject, stack);
}

async function verify(options: Options): Promise<{ report: Report; isInterrupted: boolean }> {
  const started = new Date();
  const platform = readPlatform(options);
  assertContacts(platform, options);
  const { progress, done } = progressTo(process.stderr);
  const { signal, release } = interruption(progress);
  const cleanup = new Cleanup();
  const session = new AirflowSession(airflowAccess(platform), signal);
  const wanted = selectChecks(checks({ platform, session, cleanup, progress, signal }), options.only);
  const findings = await runChecks(wanted, progress, signal);
  session.close();
  if (!cleanup.isEmpty) findings.push(await cleanup.run(readAgain(options, platform), progress));
  release();
  done();
  const seconds = Math.round((Date.now() - started.getTime()) / 1000);
  const report = {
    date: started.toISOString(),
    cluster: clusterOf(platform),
    versions: versionsOf(platform),
    seconds,
    ...counts(findings),
    checks: findings,
  };
  return { report, isInterrupted: signal.aborted };
}

async function main(args: string[]): Promise<number> {
  const options = parse(args);
  const { report, isInterrupted } = await verify(options).catch((error: unknown) => {
    throw error instanceof Failure ? new Error(`${error.message}\nfix: ${error.fix}`) : error;
  });
  console.log(options.json ? JSON.stringify(report, null, 2) : table(report));
  return isInterrupted ? 130 : report.failed === 0 ? 0 : 1;
}

await runScript("scripts/verify/verify.ts", main, 2);
