import { AirflowSession } from "./airflow-session.ts";
import { failed, type Finding, messageOf, ok, type Progress } from "./check.ts";
import { airflowAccess, type Platform } from "./platform.ts";

interface Step {
  what: string;
  undo: (session: AirflowSession) => unknown;
}

/** What a run has to take back, whatever becomes of it: the last thing that was made goes first. */
export class Cleanup {
  readonly #steps: Step[] = [];

  add(what: string, undo: Step["undo"]): void {
    this.#steps.push({ what, undo });
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** Takes everything back, also after a step that fails. */
  async run(platform: Platform, progress: Progress): Promise<Finding> {
    // Of its own: that of the checks may have ended with the interruption.
    const session = new AirflowSession(airflowAccess(platform));
    const left: string[] = [];
    for (const { what, undo } of this.#steps.toReversed()) {
      progress(`removing: ${what}`);
      try {
        await undo(session);
      } catch (error) {
        left.push(`${what} (${messageOf(error)})`);
      }
    }
    session.close();
    return {
      check: "removed afterwards",
      ...verdict(
        this.#steps.map(({ what }) => what),
        left,
      ),
    };
  }
}

function verdict(steps: string[], left: string[]) {
  if (left.length === 0) return ok(steps.join(", "));
  return failed(`left: ${left.join("; ")}`, "run make verify again, which deletes leftovers of an earlier run");
}
