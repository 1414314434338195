import { textAt } from "../../../../../lib/json.ts";
import type { Registration } from "../../../../../lib/recording.ts";
import { type Named, nameRow, type Taken, worstOfEach } from "../../../../preflight/names.ts";
import type { Check, Row } from "../../../../preflight/row.ts";
import type { GkeContext } from "../context.ts";
import { isDisabled, isOk, problemOf, type Reply, type Request } from "../google.ts";

/** Something with a fixed name, and how Google is asked for it. */
interface Asked extends Named {
  request: Request;
}

/** How Google is asked for each type whose name the program fixes. */
const asked: Readonly<Record<string, (inputs: Registration["inputs"], project: string) => Omit<Asked, "type">>> = {
  "gcp:container/cluster:Cluster": (inputs, project) => {
    const [name = "", location = ""] = [textAt(inputs, "name"), textAt(inputs, "location")];
    const path = `projects/${project}/locations/${location}/clusters/${name}`;
    return { what: "cluster", name, request: { service: "container", path } };
  },
  "gcp:artifactregistry/repository:Repository": (inputs, project) => {
    const [name = "", location = ""] = [textAt(inputs, "repositoryId"), textAt(inputs, "location")];
    const path = `projects/${project}/locations/${location}/repositories/${name}`;
    return { what: "registry", name, request: { service: "artifactregistry", path } };
  },
  "gcp:storage/bucket:Bucket": (inputs) => {
    const name = textAt(inputs, "name") ?? "";
    return { what: "bucket", name, request: { service: "storage", path: `b/${name}` } };
  },
};

/** The names that a stack fixes. Cloud SQL, the network and others have a random end. */
function namesOf(resources: readonly Registration[], project: string): Asked[] {
  return resources.flatMap(({ type, inputs }) => {
    const found = asked[type]?.(inputs, project);
    return found === undefined ? [] : [{ ...found, type }];
  });
}

/** A bucket of another project may answer 403: names of buckets are unique in the world. */
function takenBy(reply: Reply, { what }: Named, number: string): Taken {
  if (isOk(reply)) return true;
  if (reply.status === 404 || isDisabled(reply, number)) return false;
  if (what === "bucket" && reply.status === 403) return { problem: "it may exist; this identity may not see it" };
  return { problem: problemOf(reply) };
}

export const names: Check<GkeContext> = {
  id: "names",
  look: async ({ ask, number, state, plan: { stack, cluster, resources } }): Promise<Row[]> => {
    const rows = await Promise.all(
      namesOf(resources, cluster.project).map(async ({ request, ...named }) =>
        nameRow(named, takenBy(await ask(request), named, number), state, stack),
      ),
    );
    return worstOfEach(rows);
  },
};
