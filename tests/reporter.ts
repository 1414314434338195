import { readFileSync } from "node:fs";
import mocha from "mocha";
import { skipReasons } from "./skip.ts";

const allowedSkips = new URL("allowed-skips.txt", import.meta.url);

/** Characters of a failed test's message that a line holds. */
const messageLength = 600;

/** Mocha's own report, then a line for each reason for a skip and for each failed test, then one with the counts. */
export default class Reporter extends mocha.reporters.Spec {
  readonly #skipped = new Set<string>();

  constructor(runner: mocha.Runner, options: mocha.MochaOptions) {
    super(runner, options);
    runner.on(mocha.Runner.constants.EVENT_TEST_PENDING, (test) => this.#skipped.add(reasonOf(test)));
  }

  override epilogue(): void {
    super.epilogue();
    const refused = this.#refused();
    const lines = [...this.#skipped].map((reason) => `skipped: ${reason}`);
    if (refused.length > 0) lines.push("", ...refused.map((reason) => `CI does not allow this skip: ${reason}`));
    lines.push(...this.failures.map((test) => `failed: ${test.fullTitle()}: ${shortened(messageOf(test))}`));
    const notRun = this.runner.total - this.stats.tests;
    if (notRun > 0) lines.push(`failed: ${notRun} further tests did not run after a failure`);
    const failed = this.stats.failures + refused.length;
    console.log([...lines, `${this.stats.passes} passed, ${failed} failed`].join("\n"));
  }

  override done(failures: number, end: (failures: number) => void): void {
    end(failures + this.#refused().length);
  }

  /** What may not be skipped where the run decides about a change. */
  #refused(): string[] {
    if (process.env.CI !== "true") return [];
    const allowed = new Set(readFileSync(allowedSkips, "utf8").split("\n"));
    return [...this.#skipped].filter((reason) => !allowed.has(reason));
  }
}

function reasonOf(test: mocha.Test): string {
  for (let node: mocha.Test | mocha.Suite | undefined = test; node !== undefined; node = node.parent) {
    const reason = skipReasons.get(node.fullTitle());
    if (reason !== undefined) return reason;
  }
  return `no reason given: ${test.fullTitle()}`;
}

function messageOf({ err }: mocha.Test): string {
  return String(err?.message ?? err).replaceAll(/\s+/g, " ");
}

/** The beginning and the end: an assertion says first what it is about, a log says last what went wrong. */
function shortened(text: string): string {
  const half = messageLength / 2;
  return text.length <= messageLength ? text : `${text.slice(0, half)} … ${text.slice(-half)}`;
}
