import { builderFix, builderProblem } from "../../components/own-images/builder.ts";
import { failed, ok, type Row } from "../../components/preflight/row.ts";
import type { Registration } from "../../lib/recording.ts";

const check = "builder";

/** Whether something here can build the images of a stack; no row where it uses published ones. */
export async function builderRows(resources: readonly Pick<Registration, "type">[]): Promise<Row[]> {
  const count = resources.filter(({ type }) => type === "docker-build:index:Image").length;
  if (count === 0) return [];
  const problem = await builderProblem();
  if (problem !== undefined) return [failed(check, `${problem}; the stack builds ${count} images`, builderFix)];
  return [ok(check, `Docker or a Buildx builder is there for the stack's ${count} images`)];
}
