// make bench: what a preview costs, beside importing the SDKs alone and beside the same program under Pulumi's
// default loader. Prints a table and then the same as JSON.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { programPath } from "../../lib/programs/tools.ts";
import { stacksOf } from "../../preview/stack.ts";
import { table } from "../../lib/terminal.ts";
import { copyForDefaultLoader } from "../program/default-loader.ts";

const folder = join(import.meta.dirname, "../..");

/** What one process took. */
interface Cost {
  wallSeconds: number;
  cpuSeconds: number;
  /** Peak resident memory of the process itself. */
  memoryMiB: number;
}

interface Measured extends Cost {
  name: string;
  runs: number;
}

interface Subject {
  name: string;
  args: string[];
  environment?: NodeJS.ProcessEnv;
  /** Done before each run. */
  prepare?: () => void;
  /** @default - as many as of all others */
  runs?: number;
}

/** Written by a process about itself as it ends, to the pipe that the bench reads. */
const probe = `data:text/javascript,import { writeSync } from "node:fs";
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ cpuSeconds: (user + system) / 1e6, memoryMiB: process.resourceUsage().maxRSS / 1024 }));
});`;

function run({ name, args, environment = {}, prepare }: Subject): Promise<Cost> {
  prepare?.();
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", probe, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let [errors, report] = ["", ""];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.stdio[3]?.on("data", (bytes: Buffer) => (report += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on("close", (status) => {
      const wallSeconds = (performance.now() - started) / 1000;
      if (status !== 0) {
        reject(new Error(`${name} ends with ${status}: ${errors}`));
        return;
      }
      const own = JSON.parse(report) as Omit<Cost, "wallSeconds">;
      resolve({ wallSeconds, ...own });
    });
  });
}

const mocha = "node_modules/mocha/bin/mocha.js";
/** Tests that make whole stacks, or run a preview as a process: all others are unit tests. */
const wholeProgram = ["tests/{program,accepted}.test.*", "tests/preview/preview*.test.*"].map(
  (path) => `--ignore=${path}`,
);
/** What needs a cluster or a chart is left out. */
const alone = { TEST_KUBECONFIG: undefined, AIRFLOW_CHART: undefined, CHART: undefined, CI: undefined };

/** The stack that is measured in every way; of the others, the warm preview is. */
const main = "minikube";

function subjects(chart: string | undefined, scratch: string): Subject[] {
  const preview = ["preview/preview.ts", "--stack", main];
  const cold = join(scratch, "cold");
  const environment = { NODE_COMPILE_CACHE: join(scratch, "warm") };
  const imports = ["pulumi", "kubernetes", "random", "gcp", "aws"].map((name) => `import "@pulumi/${name}";`).join("");
  const copy = join(scratch, "copy");
  mkdirSync(copy);
  const entry = copyForDefaultLoader(folder, copy);
  const withChart =
    chart === undefined || programPath("helm") === undefined
      ? []
      : [{ name: `preview ${main} with the chart rendered, warm`, args: [...preview, "--chart", chart], environment }];
  const warm = stacksOf(folder).map((stack) => ({
    name: `preview ${stack}, warm`,
    args: ["preview/preview.ts", "--stack", stack],
    environment,
  }));
  return [
    { name: "importing the SDKs alone", args: ["--input-type=module", "--eval", imports], environment },
    {
      name: `preview ${main}, cold`,
      args: preview,
      environment: { NODE_COMPILE_CACHE: cold },
      prepare: () => rmSync(cold, { recursive: true, force: true }),
    },
    ...warm,
    ...withChart,
    { name: `preview ${main} under Pulumi's default loader`, args: [entry, "--stack", main] },
    { name: "unit tests", args: [mocha, ...wholeProgram], environment: alone, runs: 1 },
    { name: "unit tests and those of whole stacks", args: [mocha], environment: alone, runs: 1 },
  ];
}

/** Runs take turns, so that what else the machine does hits all of them. */
async function measure(all: readonly Subject[], count: number): Promise<Measured[]> {
  const costs = all.map((): Cost[] => []);
  for (const subject of all) if (subject.prepare === undefined && subject.runs === undefined) await run(subject);
  for (let round = 0; round < count; round++) {
    for (const [i, subject] of all.entries()) {
      if (round < (subject.runs ?? count)) costs[i]?.push(await run(subject));
    }
  }
  return all.map(({ name }, i) => ({ name, ...medians(costs[i] ?? []), runs: costs[i]?.length ?? 0 }));
}

function medians(costs: readonly Cost[]): Cost {
  const median = (of: (cost: Cost) => number) =>
    costs.map(of).toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
  return {
    wallSeconds: median(({ wallSeconds }) => wallSeconds),
    cpuSeconds: median(({ cpuSeconds }) => cpuSeconds),
    memoryMiB: median(({ memoryMiB }) => memoryMiB),
  };
}

interface Target {
  name: string;
  value: number;
  limit: number;
  holds: boolean;
}

function targets(measured: readonly Measured[]): Target[] {
  const previews = measured.filter(({ name }) => /^preview \S+, warm$/.test(name));
  const warm = previews.find(({ name }) => name.includes(main));
  const standard = measured.find(({ name }) => name.endsWith("default loader"));
  const tests = measured.find(({ name }) => name === "unit tests");
  if (warm === undefined || standard === undefined || tests === undefined) return [];
  const limits: [string, number, number][] = [
    ...previews.flatMap(({ name, wallSeconds, memoryMiB }): [string, number, number][] => [
      [`${name}, seconds`, wallSeconds, 2.5],
      [`${name}, MiB`, memoryMiB, 260],
    ]),
    ["time against the default loader", warm.wallSeconds / standard.wallSeconds, 0.25],
    ["CPU time against the default loader", warm.cpuSeconds / standard.cpuSeconds, 0.25],
    ["memory against the default loader", warm.memoryMiB / standard.memoryMiB, 0.25],
    ["unit tests, seconds", tests.wallSeconds, 60],
  ];
  return limits.map(([name, value, limit]) => ({ name, value, limit, holds: value <= limit }));
}

/** Three decimals are more than a measurement holds. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

const fixed = (value: number, digits: number): string => value.toFixed(digits);

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      chart: { type: "string" },
    },
  });
  const scratch = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const measured = await measure(subjects(values.chart ?? process.env.CHART, scratch), Number(values.runs));
    const reached = targets(measured);
    const rows = measured.map(({ name, wallSeconds, cpuSeconds, memoryMiB, runs }) => [
      name,
      fixed(wallSeconds, 2),
      fixed(cpuSeconds, 2),
      fixed(memoryMiB, 0),
      String(runs),
    ]);
    const goals = reached.map(({ name, value, limit, holds }) => [
      name,
      fixed(value, 2),
      String(limit),
      holds ? "holds" : "missed",
    ]);
    console.log(table([["Medians of whole processes", "wall s", "CPU s", "peak MiB", "runs"], ...rows]));
    console.log(`\n${table([["Target", "measured", "limit", ""], ...goals])}\n`);
    // A machine that does other work shows slower figures than its processors could.
    const machine = { node: process.version, processors: cpus().length, load: loadavg()[0] };
    console.log(JSON.stringify({ machine, measured, targets: reached }, rounded, 2));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await bench();
