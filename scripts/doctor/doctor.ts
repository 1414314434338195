// make doctor [NAMESPACE=mlops] [CONTEXT=] [JSON=1]: finds known failures of a deployment and prints how to fix them.
//
//   scripts/doctor/doctor.ts [--namespace mlops] [--context NAME] [--json]
//
// It needs only kubectl and changes nothing. The exit code is 0 without findings, 1 with findings, and 2 if it could not
// check everything.
import { readOptions, runScript } from "../../lib/command-line.ts";
import { Progress } from "../../lib/terminal.ts";
import { queryCluster } from "./query.ts";
import { checks } from "./checks.ts";
import { type Examination, examine } from "./examine.ts";
import { readCluster } from "./read.ts";
import { exitCodeOf, jsonOf, textOf } from "./report.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

async function main(args: string[]): Promise<number> {
  const { json, ...given } = readOptions(args, {
    namespace: { type: "string", default: "mlops" },
    context: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const target = { namespace: given.namespace, context: given.context };
  const examinations = await look(target);
  console.log(json ? jsonOf(examinations) : textOf(examinations));
  return exitCodeOf(examinations);
}

async function look(target: KubectlTarget): Promise<Examination[]> {
  const progress = new Progress();
  try {
    progress.start(`reading namespace ${target.namespace}`);
    const reading = await readCluster(target, new Date());
    progress.start("reading logs and databases");
    return await examine(checks, reading, (unanswered) => queryCluster(target, reading.snapshot, unanswered));
  } finally {
    progress.end();
  }
}

await runScript("scripts/doctor/doctor.ts", main, 2);
