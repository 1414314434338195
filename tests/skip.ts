import mocha, { type Context } from "mocha";

/** Why tests were skipped, by the full title of the test or of the suite whose hook skipped it. */
export const skipReasons = new Map<string, string>();

/**
 * Skips the running test, or in a `before` hook its whole suite.
 *
 * @param reason said once at the end of the run; in CI it must stand in tests/allowed-skips.txt
 */
export function skipWithReason(context: Context, reason: string): never {
  const { test } = context;
  const skipped = test instanceof mocha.Hook ? test.parent : test;
  skipReasons.set(skipped?.fullTitle() ?? "", reason);
  return context.skip();
}
