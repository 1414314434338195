import { ConfigError, type ConfigProblem } from "../../config/errors.ts";
import { ofStack } from "../../config/fixes.ts";
import { exampleValue } from "../../config/rules/value-rules.ts";
import { errorText } from "../../lib/errors.ts";
import { failed, inShort, ok, type Row, unknown } from "../../components/preflight/row.ts";

const check = "configuration";

/** Values of the examples that are still in a stack's file, where a deployment would use them. */
export function configurationRows(warnings: readonly ConfigProblem[], stack: string): Row[] {
  const left = warnings.filter(({ key, allowed }) => allowed === exampleValue && !/^(projects|airflow)\b/.test(key));
  if (left.length === 0) return [ok(check, "it is valid, and no value of an example is left where it matters")];
  return left.map(({ key, found, fix }) =>
    failed(check, `${key}: found ${found}; expected: ${exampleValue}`, ofStack(fix, stack)),
  );
}

/** Why a stack cannot be planned. */
export function unplannedRows(error: unknown): Row[] {
  if (!(error instanceof ConfigError)) return [unknown(check, inShort(errorText(error)))];
  return error.problems.map(({ key, found, allowed, fix }) =>
    failed(check, inShort(`${key}: found ${found}; allowed: ${allowed}`), fix),
  );
}
