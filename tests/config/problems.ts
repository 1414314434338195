import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError, type ConfigProblem } from "../../config/errors.ts";

/** What is wrong with a configuration; empty: nothing. */
export function problemsOf(config: Record<string, unknown>): ConfigProblem[] {
  try {
    validate(config);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
}

/** The same, each as one line without its fix. */
export const messagesOf = (config: Record<string, unknown>): string[] =>
  problemsOf(config).map(({ key, found, allowed }) => `${key}: found ${found}; allowed: ${allowed}`);
