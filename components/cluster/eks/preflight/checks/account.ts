import { ask, ofStack, set } from "../../../../../config/fixes.ts";
import { failed, notChecked, ok, type Row } from "../../../../preflight/row.ts";

const check = "account";

/**
 * Compares the account of the credentials with that of the stack's registry, the only one that a stack names.
 *
 * @param registry e.g. `111122223333.dkr.ecr.us-east-1.amazonaws.com/mlops`; empty: none
 */
export function accountRow(account: string, region: string, registry: string, stack: string): Row {
  const [, own, place, path] = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com[\w.]*(\/.*)?$/.exec(registry) ?? [];
  if (own === undefined) return notChecked(check, `${account}; the stack names no account`);
  const right = `${account}.dkr.ecr.${region}.amazonaws.com${path ?? ""}`;
  if (own !== account) {
    const found = `the credentials are of ${account}, and imageRegistry of ${own}`;
    return failed(
      check,
      found,
      ofStack(own === "111122223333" ? set("imageRegistry", right) : ask("imageRegistry"), stack),
    );
  }
  return ok(
    check,
    place === region ? `${account}, as imageRegistry` : `${account}; imageRegistry is in ${place ?? "?"}`,
  );
}
