/** Says on stderr what is being done, with the time since the start. */
export function progress(text: string): void {
  const seconds = Math.round(performance.now() / 1000);
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  process.stderr.write(`[${clock}] ${text}\n`);
}

/** Says what begins, and returns how many seconds it took. */
export async function timed(what: string, action: () => Promise<unknown>): Promise<number> {
  progress(what);
  const started = performance.now();
  await action();
  const seconds = (performance.now() - started) / 1000;
  progress(`${what}: ${seconds.toFixed(1)} s`);
  return seconds;
}
