/** Result of a check: passed, failed with a fix, or skipped. */
export type Outcome =
  { state: "ok"; seen: string } | { state: "failed"; seen: string; fix: string } | { state: "skipped"; seen: string };

/** A line of the report. */
export type Finding = { check: string } & Outcome;

/** One thing that a live platform must do. */
export interface Check {
  name: string;
  run: () => Promise<Outcome>;
  /** What to do when it cannot be looked at. */
  fix: string;
}

export const ok = (seen: string): Outcome => ({ state: "ok", seen });
export const failed = (seen: string, fix: string): Outcome => ({ state: "failed", seen, fix });
export const skipped = (seen: string): Outcome => ({ state: "skipped", seen });

/** A check that cannot continue; the message is the observation. */
export class Failure extends Error {
  readonly fix: string;

  constructor(seen: string, fix: string) {
    super(seen);
    this.fix = fix;
  }
}

/** Prints what the check waits for. */
export type Progress = (text: string) => void;

/** The checks of these names, in their own order; throws for a name that none has. */
export function selectChecks(checks: Check[], only: string[] | undefined): Check[] {
  if (only === undefined) return checks;
  const names = checks.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`found no check ${unknown.join(", ")}; the checks are ${names.join(", ")}`);
  return checks.filter(({ name }) => only.includes(name));
}

/** Runs the checks one after the other; an error is a finding too, and after an interruption none is begun. */
export async function runChecks(checks: Check[], progress: Progress, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    if (signal.aborted) break;
    progress(check.name);
    findings.push({ check: check.name, ...(await outcomeOf(check, signal)) });
  }
  return findings;
}

/** With what fetch keeps to itself: which address refused, and why. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

async function outcomeOf({ run, fix }: Check, signal: AbortSignal): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (signal.aborted) return failed("interrupted", "run it again");
    if (error instanceof Failure) return failed(error.message, error.fix);
    return failed(messageOf(error), fix);
  }
}
