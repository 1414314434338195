/** How many `collectRejections` are at work; their rejections are accounted for. */
let collectors = 0;

/** Whether unhandled rejections are already reported. */
export function areRejectionsCollected(): boolean {
  return collectors > 0;
}

/**
 * Runs a function and collects unhandled rejections in the meantime.
 *
 * Pulumi's own host ends the process at the first one; outside of it a throwing
 * `apply` would pass unnoticed.
 */
export async function collectRejections<T>(run: () => Promise<T>): Promise<{ value: T; rejections: unknown[] }> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  collectors += 1;
  process.on("unhandledRejection", onRejection);
  try {
    const value = await run();
    // Node reports a rejection after the microtasks that might still have handled it.
    await new Promise((resolve) => setImmediate(resolve));
    return { value, rejections };
  } finally {
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", onRejection);
    collectors -= 1;
  }
}
