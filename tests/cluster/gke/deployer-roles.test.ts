import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { typesAndNames } from "../../program/registrations.ts";
import { folder } from "../../program/program-cases.ts";
import { askedOfProject, permissionsOf } from "../../../components/cluster/gke/preflight/deployer-permissions.ts";
import { recordGke } from "./gke-cases.ts";
import { permissionsIn } from "../../../components/cluster/gke/preflight/role-permissions.ts";

interface Grant {
  role: string;
  permissions?: readonly string[];
  condition?: { title: string; expression: string };
}

const file = join(folder, "components/cluster/gke/deployer-roles.json");
const { cluster: grants } = JSON.parse(readFileSync(file, "utf8")) as { cluster: Grant[] };

/** Whether a grant gives a permission; a condition about a bucket's name holds for no request to the project. */
function gives({ role, permissions = permissionsIn[role] ?? [], condition }: Grant, permission: string): boolean {
  const isAboutName = condition?.expression.startsWith("resource.name.") ?? false;
  return permissions.includes(permission) && !(isAboutName && askedOfProject.includes(permission));
}

/** Permissions of the types that no grant gives. */
const missing = (all: readonly Grant[]) =>
  [...new Set(Object.values(permissionsOf).flat())].filter((permission) => !all.some((it) => gives(it, permission)));

describe("the roles of the identity that deploys to GKE", () => {
  it("give every permission that the resources of any stack ask for", async () => {
    const everything = { dnsZone: "ml-example-org", spotNodes: {}, gpuNodes: {} };
    const exposure = { kind: "ingress", domain: "ml.example.org" };
    const recordings = await Promise.all(
      [false, true].map((databasePeering) =>
        recordGke({ cluster: { ...everything, network: { databasePeering } }, exposure }),
      ),
    );
    const types = recordings.flatMap(({ resources }) =>
      typesAndNames(resources).map((line) => line.split(" ")[0] ?? ""),
    );
    const made = [...new Set(types.filter((type) => type.startsWith("gcp:")))].toSorted();
    assert.deepEqual(Object.keys(permissionsOf), made);
    assert.deepEqual(missing(grants), []);
  });

  it("are known, and all are needed", () => {
    for (const grant of grants) {
      assert.ok(grant.permissions !== undefined || permissionsIn[grant.role] !== undefined, grant.role);
      const others = grants.filter((other) => other !== grant);
      assert.notDeepEqual(missing(others), [], `${grant.role} gives nothing that no other role gives`);
    }
  });
});
