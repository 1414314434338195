// make bench-cluster [ONLY=ready,tasks]: measures the platform on the cluster of TEST_KUBECONFIG, prints the tables and
// writes docs/benchmarks.json and docs/benchmarks.md.
//
//   tests/bench/bench-cluster.ts [--only ready,idle,restore,dags,projects,tasks]
//
// Every section leaves the cluster as it found it. One that fails keeps the figures that were there.
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { newDagFolder } from "./bench-cluster/dag-files.ts";
import { circumstances, whyNoFolder } from "./bench-cluster/circumstances.ts";
import { benchmarksMarkdown, pageFile, reportFile, sectionMarkdown } from "./bench-cluster/markdown.ts";
import type { BenchTarget } from "./bench-cluster/target.ts";
import { assertEmpty, newObjectsPlatform, newPlatform } from "./bench-cluster/platform.ts";
import { progress, timed } from "./bench-cluster/progress.ts";
import {
  chosenSections,
  type Figures,
  merged,
  readReport,
  reportText,
  type SectionName,
} from "./bench-cluster/report.ts";
import { onEmptyCluster, onPlatform } from "./bench-cluster/sections.ts";
import { testCluster } from "../cluster.ts";
import { whyNoProcesses } from "../e2e/airflow-processes.ts";
import { connectAirflow } from "../e2e/deployment.ts";
import type { Platform } from "../e2e/platform.ts";
import { Session } from "../e2e/session.ts";
import { errorText } from "../../lib/errors.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const names = chosenSections(values.only);
  const cluster = await testCluster();
  if (typeof cluster === "string") throw new Error(`${cluster}: give TEST_KUBECONFIG=path`);
  const { kubeconfig } = cluster;
  const noFolder = await whyNoFolder(kubeconfig);
  if (noFolder !== undefined)
    throw new Error(`${noFolder}: its pods read the DAGs of the benchmark from a folder here`);
  const dags = await newDagFolder();
  try {
    return await measure({ kubeconfig, dags }, names);
  } finally {
    await rm(dags, { recursive: true, force: true });
  }
}

/** Returns how many sections failed. */
async function measure(target: BenchTarget, names: SectionName[]): Promise<number> {
  // It deploys nothing: it knows the objects, and whether the chart is among them.
  const known = await newObjectsPlatform(target.kubeconfig, target.dags);
  await assertEmpty(known);
  let failed = 0;
  for (const name of names) {
    const section = onEmptyCluster[name];
    if (section !== undefined) failed += await attempt(name, known, () => section(target));
  }
  const deployed = names.filter((name) => onPlatform[name] !== undefined);
  return deployed.length === 0 ? failed : failed + (await measureDeployed(target, known, deployed));
}

/** Deploys a platform, measures sections on it and destroys it again. */
async function measureDeployed(target: BenchTarget, known: Platform, names: SectionName[]): Promise<number> {
  const noAirflow = known.hasChart ? undefined : whyNoProcesses();
  if (noAirflow !== undefined) throw new Error(noAirflow);
  const platform = await newPlatform(target.kubeconfig, target.dags);
  const session = new Session();
  session.platform = platform;
  let failed = 0;
  try {
    await timed("deploying the platform", () => platform.apply());
    await connectAirflow(session, target.dags);
    for (const name of names) {
      const section = onPlatform[name];
      if (section !== undefined) failed += await attempt(name, known, () => section(target, session));
    }
  } finally {
    await session.close();
    await timed("destroying the platform", () => platform.destroy());
  }
  return failed;
}

/** Measures a section, prints it and writes it into the report; returns 1 where that fails. */
async function attempt(name: SectionName, known: Platform, section: () => Promise<Figures>): Promise<number> {
  try {
    const where = await circumstances(known);
    const measured = { ...where, ...(await section()) };
    const report = merged(existsSync(reportFile) ? readReport(reportFile) : {}, name, measured);
    await writeFile(reportFile, reportText(report));
    await writeFile(pageFile, benchmarksMarkdown(report));
    console.log(sectionMarkdown(name, measured));
    return 0;
  } catch (error) {
    progress(`${name} failed: ${errorText(error)}`);
    return 1;
  }
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  console.error(`tests/bench/bench-cluster.ts: ${errorText(error)}`);
  process.exitCode = 1;
}
