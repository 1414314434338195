import assert from "node:assert/strict";
import { type Fault, type Imitation, startImitation } from "./imitation.ts";
import type { Cloud } from "./plugins.ts";
import { type Changes, type CloudStack, cloudStack, type Outcome } from "./stack.ts";

/** A configuration that is deployed, changed and destroyed, and what each change may do. */
export interface Profile {
  name: string;
  /** What it is, in a sentence for the proof. */
  about: string;
  cloud: Cloud;
  /** The checked-in stack that it begins as. */
  stackFile: string;
  /** Keys that differ, by their path. */
  config: Record<string, unknown>;
  /** What is in the cloud before. */
  given?: (imitation: Imitation) => Promise<void>;
  /** @default - none */
  changes?: readonly Change[];
  /** Something that somebody changes by the cloud's own tools: the drift check finds it, and a refresh takes it back. */
  byHand?: ByHand;
  /** What goes wrong while it is deployed: a story of its own, in place of the changes. @default - nothing */
  mishaps?: readonly Mishap[];
  /** Paths that stay by intent after a destroy, in the cloud's own words. @default - nothing stays */
  stays?: RegExp;
}

export type Named = Partial<Omit<Changes, "same">>;

/** A documented change of the configuration, and exactly what it does. */
export interface Change {
  name: string;
  set: Record<string, unknown>;
  does: Named;
  /** What some versions of the provider update, too. @default - nothing */
  sometimes?: readonly string[];
}

export interface ByHand {
  name: string;
  do: (imitation: Imitation) => Promise<void>;
  /** What the next `up` with a refresh changes back. */
  corrects: string[];
}

/** Something that fails while a stack is deployed. */
export interface Mishap {
  name: string;
  faults: readonly Fault[];
  /** The message with which the `up` fails; undefined: the engine is killed while the operation of a faulty call runs. */
  fails: RegExp | undefined;
  /** What a person types before the next `up`. @default - nothing */
  remedy?: (stack: CloudStack, imitation: Imitation) => Promise<unknown>;
  /** How docs call the remedy. */
  remedyText?: string;
}

/** What a step has shown, a row of the proof. */
export interface Shown {
  step: string;
  result: string;
  seconds: number;
}

/** What the steps of a story share. */
interface Stage {
  imitation: Imitation;
  stack: CloudStack;
  /** What was in the cloud before the stack. */
  before: string[];
  /** What the first preview has announced. */
  planned: string[];
}

export interface Step {
  name: string;
  /** @returns what was shown, in a few words */
  run: (stage: Stage) => Promise<string>;
}

/** A story while it runs. */
export interface Running {
  /** Runs a step; what the cloud would refuse of its requests fails it. */
  run: (step: Step) => Promise<Shown>;
  end: () => Promise<void>;
}

/** Starts the cloud and makes the stack of a profile; nothing is deployed yet. */
export async function begin(profile: Profile, plugins: string): Promise<Running> {
  const { cloud, stackFile, config, given } = profile;
  const imitation = await startImitation(cloud);
  const { environment, tools } = imitation;
  const stack = await cloudStack({ stackFile, programs: [plugins, tools], environment, config });
  await given?.(imitation);
  const stage: Stage = { imitation, stack, before: await imitation.left(), planned: [] };
  return {
    run: async ({ name, run }) => {
      const start = performance.now();
      const result = await run(stage);
      assert.deepEqual(await imitation.complaints(), [], `${name}: the imitated cloud complains`);
      assert.deepEqual(await imitation.unmet(), [], `${name}: no call met the fault`);
      return { step: name, result, seconds: Math.round((performance.now() - start) / 1000) };
    },
    end: async () => {
      await stack.remove();
      await imitation.stop();
    },
  };
}

/** The steps of a profile's story, in their order; each needs those before it. */
export function stepsOf(profile: Profile): Step[] {
  const { changes = [], byHand, mishaps } = profile;
  if (mishaps !== undefined) return mishapSteps(mishaps, (stage) => destroy(stage, profile));
  return [
    { name: "preview", run: preview },
    { name: "up", run: firstUp },
    { name: "up again", run: unchanged },
    { name: "drift check", run: drift },
    { name: "up after a refresh", run: ({ stack }) => nothingBy(() => stack.up("--refresh")) },
    ...(byHand === undefined ? [] : [byHandStep(byHand)]),
    ...changes.map(changeStep),
    ...(changes.length === 0 ? [] : afterChanges),
    { name: "destroy", run: (stage) => destroy(stage, profile) },
  ];
}

const afterChanges: Step[] = [
  { name: "up after the changes", run: unchanged },
  { name: "drift check after the changes", run: drift },
];

function changeStep({ name, set, does, sometimes = [] }: Change): Step {
  return {
    name,
    run: async ({ stack }) => {
      await stack.set(set);
      const { changes } = ended(await stack.up());
      assertDoes({ ...changes, updated: changes.updated.filter((one) => !sometimes.includes(one)) }, does);
      return described(changes);
    },
  };
}

function byHandStep({ name, do: change, corrects }: ByHand): Step {
  return {
    name,
    run: async ({ imitation, stack }) => {
      await change(imitation);
      assert.notEqual((await stack.drift()).status, 0, "the drift check does not see it");
      assertDoes(ended(await stack.up("--refresh")).changes, { updated: corrects });
      return `the drift check fails; up with a refresh: ${described({ updated: corrects })}`;
    },
  };
}

function mishapSteps(mishaps: readonly Mishap[], destroyed: Step["run"]): Step[] {
  return [
    ...mishaps.map((mishap) => ({ name: mishap.name, run: (stage: Stage) => meet(stage, mishap) })),
    { name: "up", run: async ({ stack }: Stage) => described(ended(await stack.up()).changes) },
    { name: "up again", run: unchanged },
    { name: "drift check", run: drift },
    { name: "destroy", run: destroyed },
  ];
}

async function preview(stage: Stage): Promise<string> {
  const { imitation, stack, before } = stage;
  const { changes } = ended(await stack.preview());
  assert.deepEqual(await imitation.left(), before, "a preview changed something");
  assertDoes({ ...changes, created: [] }, {});
  stage.planned = changes.created;
  return `${changes.created.length} to create`;
}

async function firstUp({ stack, planned }: Stage): Promise<string> {
  const { changes } = ended(await stack.up());
  assertDoes(changes, { created: planned });
  return `${changes.created.length} created, as previewed`;
}

function unchanged({ stack }: Stage): Promise<string> {
  return nothingBy(() => stack.up());
}

function drift({ stack }: Stage): Promise<string> {
  return nothingBy(() => stack.drift());
}

async function nothingBy(run: () => Promise<Outcome>): Promise<string> {
  const { changes } = ended(await run());
  assertDoes(changes, {});
  return "no change";
}

async function destroy({ imitation, stack, before }: Stage, { stays }: Profile): Promise<string> {
  const { changes } = ended(await stack.destroy());
  const left = (await imitation.left()).filter((path) => !before.includes(path) && stays?.test(path) !== true);
  assert.deepEqual(left, [], "the destroy left something");
  return `${changes.deleted.length} deleted, nothing left`;
}

async function meet({ imitation, stack }: Stage, { faults, fails, remedy, remedyText }: Mishap): Promise<string> {
  for (const fault of faults) await imitation.fault(fault);
  if (fails === undefined) {
    await stack.killedUp(async () => (await imitation.unmet()).length === 0);
  } else {
    const outcome = await stack.up();
    assert.notEqual(outcome.status, 0, "the fault did not fail the up");
    assert.match(outcome.output, fails);
  }
  await remedy?.(stack, imitation);
  const said = fails === undefined ? "the engine is killed" : "fails with the cloud's own words";
  return remedyText === undefined ? `${said}; the next up goes on` : `${said}; after ${remedyText} the next up goes on`;
}

/** A run that ended well. */
function ended(outcome: Outcome): Outcome {
  assert.equal(outcome.status, 0, outcome.output);
  return outcome;
}

function assertDoes(changes: Changes, { created = [], updated = [], replaced = [], deleted = [] }: Named): void {
  const { created: c, updated: u, replaced: r, deleted: d } = changes;
  assert.deepEqual({ created: c, updated: u, replaced: r, deleted: d }, { created, updated, replaced, deleted });
}

/** `2 created, 1 updated (cluster mlops)`: the names where they are few. */
function described(does: Named): string {
  const parts = (["created", "updated", "replaced", "deleted"] as const).flatMap((what) => {
    const names = does[what] ?? [];
    if (names.length === 0) return [];
    return [names.length > 4 ? `${names.length} ${what}` : `${what}: ${names.join(", ")}`];
  });
  return parts.length === 0 ? "no change" : parts.join("; ");
}
