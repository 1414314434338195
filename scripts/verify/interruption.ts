import type { Progress } from "./check.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Turns Ctrl-C and a request to end into an end of the checks, so that what they made is still removed.
 *
 * The second one ends the program at once.
 */
export function interruption(progress: Progress): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    progress("interrupted: deleting the objects of this run; press Ctrl-C again to leave that to the next run");
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
