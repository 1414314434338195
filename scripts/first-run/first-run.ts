// make first-run: runs the example pipeline from Wikimedia's page views to predictions, says what each step has done,
// and ends with where to look. docs/first-run.md describes it.
//
//   scripts/first-run/first-run.ts [--stack minikube] [--namespace mlops] [--context NAME] [--airflow-url URL]
//
// Ends with 1 where the pipeline does not come to its end, with 2 when there is no platform.
import { readOptions, runScript } from "../../lib/command-line.ts";
import { fileOf } from "../../preview/stack.ts";
import { findInterfaces } from "../platform/find-interfaces.ts";
import { projectEnvironment } from "../platform/project-environment.ts";
import { AirflowSession } from "../verify/airflow-session.ts";
import { Failure, type Progress } from "../verify/check.ts";
import { airflowAccess, type Platform, readPlatform } from "../verify/platform.ts";
import { progressTo } from "../verify/progress.ts";
import { assertContact } from "./contact.ts";
import { runPipeline, type Step } from "./pipeline.ts";
import { places, readResults } from "./results.ts";

const project = "pageviews";

const options = {
  stack: { type: "string", default: "minikube" },
  namespace: { type: "string", default: "mlops" },
  context: { type: "string" },
  "airflow-url": { type: "string" },
} as const;

async function main(args: string[]): Promise<number> {
  const { stack, namespace, context, "airflow-url": airflowUrl } = readOptions(args, options);
  const { target, interfaces } = findInterfaces(stack, { namespace, context });
  const platform = readPlatform({ target, stack, airflowUrl, without: [], only: undefined, json: false });
  const { progress, done } = progressTo(process.stderr);
  try {
    assertReady(platform, stack);
    await run(platform, progress, (text) => {
      done();
      console.log(text);
    });
    progress("counting what is stored");
    const results = await readResults(platform, project);
    done();
    const { daily_views: views, predictions, champion, model } = results;
    console.log(`
Postgres has ${views} days of views and ${predictions} predictions; version ${champion ?? "none"} of ${model} is the champion.

${places(platform, interfaces, results)}

The pipeline goes on by itself: new views and predictions every day at 06:00 UTC, a training every Monday.
Next: ${next}.`);
    return 0;
  } catch (error) {
    done();
    if (!(error instanceof Failure)) throw error;
    console.error(`${error.message}\nfix: ${error.fix}`);
    return 1;
  }
}

const next = "docs/adding.md, to add a project, a DAG or an image of your own";

/** Before anything is switched on. */
function assertReady({ target, description }: Platform, stack: string): void {
  const place = description.projects[project];
  if (place === undefined) {
    const entry = `{ name: ${project}, config: { WIKIMEDIA_CONTACT: YOUR@ADDRESS } }`;
    const fix = `add ${entry} to mlops:projects in ${fileOf(stack)}; then: make up STACK=${stack}`;
    throw new Failure(`the stack has no project ${project}`, fix);
  }
  assertContact(projectEnvironment(target, place), project, stack);
}

async function run(platform: Platform, progress: Progress, print: (text: string) => void): Promise<void> {
  const session = new AirflowSession(airflowAccess(platform));
  const { signal } = new AbortController();
  const tell = ({ task, words }: Step) => {
    print(`${task.padEnd(8)}  ${words}`);
  };
  try {
    await runPipeline({ session, progress, signal }, tell);
  } finally {
    session.close();
  }
}

await runScript("scripts/first-run/first-run.ts", main, 2);
