import { join } from "node:path";
import type { Context, RootHookObject } from "mocha";
import { areRejectionsCollected } from "../preview/recorder/rejections.ts";

const reasons: unknown[] = [];
const rejections: Error[] = [];

function onRejection(reason: unknown): void {
  if (!areRejectionsCollected()) reasons.push(reason);
}

// Tests see the same tools on every machine: none that `make chart` has fetched.
process.env.MLOPS_TOOLS = join(import.meta.dirname, "no-tools");

/** Mocha passes over rejections that nobody handles, a throwing `apply` among them; here they fail the run. */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    process.on("unhandledRejection", onRejection);
  },
  async afterEach(this: Context) {
    // Node reports a rejection after the microtasks that might still have handled it.
    await new Promise((resolve) => setImmediate(resolve));
    const title = this.currentTest?.fullTitle() ?? "";
    rejections.push(...reasons.splice(0).map((cause) => new Error(`unhandled rejection in "${title}"`, { cause })));
  },
  afterAll() {
    process.off("unhandledRejection", onRejection);
    // Thrown at the end: a failing hook after a test would end the run, and hide what the other tests say.
    if (rejections.length > 0) throw new AggregateError(rejections, rejections.map(describe).join("\n"));
  },
};

function describe({ message, cause }: Error): string {
  return `${message}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
}
