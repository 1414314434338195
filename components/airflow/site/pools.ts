import type { Config } from "../../../config.ts";
import type { EnvVar } from "../chart-values.ts";

type Pools = Config["airflow"]["pools"];

const variable = "AIRFLOW_POOLS";

/** The pools for the Job that imports them; another value runs it again. */
export function poolsEnvironment(pools: Pools): EnvVar[] {
  if (Object.keys(pools).length === 0) return [];
  const entries = Object.entries(pools).map(([name, { slots, description, includeDeferred }]) => [
    name,
    { slots, description, include_deferred: includeDeferred },
  ]);
  return [{ name: variable, value: JSON.stringify(Object.fromEntries(entries)) }];
}

/**
 * Makes the pools that are missing and changes those that differ.
 *
 * A pool that is only in Airflow stays, since tasks of a pool that is gone are never queued; the Job's log names it.
 */
export const importPools = `folder=$(mktemp -d)
printf '%s' "$${variable}" > "$folder/wanted.json"
airflow pools import "$folder/wanted.json"
airflow pools export "$folder/present.json"
python - "$folder" <<'END'
import json, pathlib, sys
wanted, present = (json.loads(pathlib.Path(sys.argv[1], name).read_text()) for name in ("wanted.json", "present.json"))
for name in sorted(present.keys() - wanted.keys() - {"default_pool"}):
    print(f"the pool {name} is not in the stack's configuration; it is kept")
END
`;
