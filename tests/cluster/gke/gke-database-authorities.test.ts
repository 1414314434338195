import assert from "node:assert/strict";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { serverAuthorities } from "../../../components/cluster/gke/gke-database-authorities.ts";

describe("the authorities of a Cloud SQL server", () => {
  it("are not asked for in the preview that creates it, though its name is known", async () => {
    const calls: string[] = [];
    const call = ({ token }: pulumi.runtime.MockCallArgs) => {
      calls.push(token);
      return { certs: [] };
    };
    // What is not here is unknown, as in the preview of a creation.
    const newResource = ({ name }: pulumi.runtime.MockResourceArgs) => ({
      id: name,
      state: { name: `${name}-1a2b3c4`, project: "acme-ml" },
    });
    await pulumi.runtime.setMocks({ call, newResource }, "mlops", "gke", true);
    await pulumi.runtime.runInPulumiStack(() => {
      const settings = { tier: "db-custom-1-3840" };
      const server = new gcp.sql.DatabaseInstance("mlops", { databaseVersion: "POSTGRES_18", settings });
      return Promise.resolve({ authorities: serverAuthorities(server, "acme-ml", { parent: server }) });
    });
    await pulumi.runtime.disconnect();
    assert.deepEqual(calls, []);
  });
});
