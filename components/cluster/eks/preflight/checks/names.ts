import { textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import type { Registration } from "../../../../../lib/recording.ts";
import { type Named, nameRow, type Taken, worstOfEach } from "../../../../preflight/names.ts";
import type { Check, Row } from "../../../../preflight/row.ts";
import { bodyOf, failedWith, problemOf } from "../aws.ts";
import type { EksContext } from "../context.ts";
import { eksMocks } from "../../data/mocks.ts";

/** Something with a fixed name, the call that asks for it, and the error that says that there is none. */
interface Asked extends Named {
  call: readonly string[];
  isFree: (run: Run | undefined) => boolean;
}

/** How AWS is asked for each type whose name the program fixes. */
const asked: Readonly<Record<string, (inputs: Registration["inputs"]) => Omit<Asked, "type">>> = {
  "aws:eks/cluster:Cluster": (inputs) => {
    const name = textAt(inputs, "name") ?? "";
    const isFree = (run: Run | undefined) => failedWith(run, "ResourceNotFoundException");
    return { what: "cluster", name, call: ["eks", "describe-cluster", "--name", name], isFree };
  },
  "aws:ecr/repository:Repository": (inputs) => {
    const name = textAt(inputs, "name") ?? "";
    const isFree = (run: Run | undefined) => failedWith(run, "RepositoryNotFoundException");
    return { what: "registry", name, call: ["ecr", "describe-repositories", "--repository-names", name], isFree };
  },
  "aws:s3/bucket:Bucket": (inputs) => {
    const name = textAt(inputs, "bucket") ?? "";
    const isFree = (run: Run | undefined) => failedWith(run, "404");
    return { what: "bucket", name, call: ["s3api", "head-bucket", "--bucket", name], isFree };
  },
  "aws:cloudwatch/logGroup:LogGroup": (inputs) => {
    const name = textAt(inputs, "name") ?? "";
    const call = ["logs", "describe-log-groups", "--log-group-name-prefix", name];
    const isFree = (run: Run | undefined) => run?.ok === true && !run.stdout.includes(`"${name}"`);
    // Left by an earlier cluster of this name.
    return { what: "log group", name, call, isFree, takesOver: true };
  },
};

/** The account of a preview, which the bucket's name has in it. */
const previewed = String(eksMocks.calls["aws:index/getCallerIdentity:getCallerIdentity"]?.({}).accountId);

/** The names that a stack fixes, in an account. RDS, roles and others have a random end. */
function namesOf(resources: readonly Registration[], account: string): Asked[] {
  return resources.flatMap(({ type, inputs }) => {
    const text = JSON.stringify(inputs).replaceAll(previewed, account);
    const found = asked[type]?.(JSON.parse(text) as Registration["inputs"]);
    return found === undefined ? [] : [{ ...found, type }];
  });
}

/** A bucket of another account answers 403. */
function takenBy(run: Run | undefined, { isFree }: Pick<Asked, "isFree">): Taken {
  if (isFree(run)) return false;
  if (run?.ok === true && (bodyOf(run) !== undefined || run.stdout.trim() === "")) return true;
  return failedWith(run, "403") ? { problem: "it exists, or this identity may not ask" } : { problem: problemOf(run) };
}

export const names: Check<EksContext> = {
  id: "names",
  look: async ({ aws, caller, state, plan: { stack, resources } }): Promise<Row[]> => {
    const wanted = namesOf(resources, caller.account);
    // One call for the repositories, which differ in the last part alone.
    const first = [...Map.groupBy(wanted, ({ what }) => what).values()].flatMap((all) => all.slice(0, 1));
    const rows = await Promise.all(
      first.map(async (named) => nameRow(named, takenBy(await aws(...named.call), named), state, stack)),
    );
    return worstOfEach(rows);
  },
};
