// make test: runs every suite and ends with each reason for a skip, each failed test and `N passed, N failed`. The program's
// suite and the packages' run side by side; each line of theirs begins with the suite's name.
// `node scripts/ci/test.ts NAME…` runs the suites of these names only; `e2e` stands for all of `e2e/…`. In CI a skip whose
// reason is not in tests/allowed-skips.txt counts as a failure.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CommandLineError, readCommand, runScript } from "../../lib/command-line.ts";
import { groups, type Outcome, outcomeOf, type Suite, suites } from "./suites.ts";

const top = join(import.meta.dirname, "../..");

interface Result extends Outcome {
  name: string;
  seconds: number;
}

/** Runs one suite, its output passing through line by line. A suite that ends badly has at least one failure. */
async function run({ name, command, environment = {} }: Suite, prefix: string): Promise<Result> {
  const start = performance.now();
  console.log(`\n--- ${name}: ${command.join(" ")}`);
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, {
    cwd: top,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    output += `${line}\n`;
    console.log(prefix + line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => console.error(prefix + line));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const outcome = outcomeOf(output);
  const failed = status === 0 ? outcome.failed : Math.max(outcome.failed, 1);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`--- ${name}: ${seconds} s`);
  return { ...outcome, name, failed, seconds };
}

/** Runs the suites of each lane in order, and the lanes side by side. */
async function runGroup(lanes: Suite[][]): Promise<Result[]> {
  const results = lanes.map(async (lane) => {
    const done: Result[] = [];
    for (const suite of lane) done.push(await run(suite, lanes.length > 1 ? `${suite.name} | ` : ""));
    return done;
  });
  return (await Promise.all(results)).flat();
}

function refusedSkips(reasons: string[]): string[] {
  if (process.env.CI !== "true") return [];
  const allowed = readFileSync(join(top, "tests/allowed-skips.txt"), "utf8").split("\n");
  return reasons.filter((reason) => !allowed.includes(reason));
}

async function main(all: string[]): Promise<number> {
  const names = readCommand(all, {}).args;
  const isNamed = ({ name }: Suite, by: string) => name === by || name.startsWith(`${by}/`);
  const unknown = names.filter((name) => !suites.some((suite) => isNamed(suite, name)));
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(", ");
    throw new CommandLineError(`no suite named ${unknown.join(", ")}; the suites are ${known}`);
  }
  const isAsked = (suite: Suite) => names.length === 0 || names.some((name) => isNamed(suite, name));
  const outcomes: Result[] = [];
  for (const group of groups) {
    const lanes = group.map((lane) => lane.filter(isAsked)).filter((lane) => lane.length > 0);
    outcomes.push(...(await runGroup(lanes)));
  }
  const reasons = [...new Set(outcomes.flatMap(({ skipped }) => skipped))];
  const refused = refusedSkips(reasons);
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const failed = sum((outcome) => outcome.failed) + refused.length;
  console.log("");
  for (const { name, passed, failed, seconds } of outcomes) {
    console.log(`${name}: ${passed} passed, ${failed} failed, ${seconds} s`);
  }
  for (const reason of refused) console.log(`CI does not allow this skip: ${reason}`);
  for (const reason of reasons) console.log(`skipped: ${reason}`);
  for (const { name, failures } of outcomes) for (const failure of failures) console.log(`${name} failed: ${failure}`);
  console.log(`${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

await runScript("scripts/ci/test.ts", main);
