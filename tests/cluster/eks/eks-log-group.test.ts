import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { eksLogGroup } from "../../../components/cluster/eks/eks-log-group.ts";
import type { MockTables } from "../../../lib/mocks.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import { registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";

const group = "/aws/eks/mlops/cluster";
const question = "aws:cloudwatch/getLogGroups:getLogGroups";

/** What the engine says of a call that a provider refuses. */
function refusal(details: string): Error {
  return Object.assign(new Error(`2 UNKNOWN: ${details}`), { details });
}

/** The control plane's log group in an account that answers so, the cluster, and what the program warns of. */
async function recorded(answer: MockTables["calls"][string]) {
  const { resources, warnings } = await recordEks({}, {}, { [question]: answer });
  const logs = registration(resources, "aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane");
  const cluster = registration(resources, "aws:eks/cluster:Cluster", "cluster-control-plane");
  assert.ok(cluster.dependencies.includes(logs.urn), "EKS would make the group, without a retention");
  assert.deepEqual(logs.inputs, { name: group, retentionInDays: 30 });
  return { importId: logs.importId, warnings };
}

describe("the log group of a control plane", () => {
  it("is created in an account that has none, whatever other clusters are there", async () => {
    const names = ["/aws/eks/mlops/cluster-2", "/aws/eks/mlops-2/cluster"];
    assert.deepEqual(await recorded(() => ({ logGroupNames: names })), { importId: undefined, warnings: [] });
  });

  it("is taken over where EKS made it again after a destroy", async () => {
    const asked: unknown[] = [];
    const answer: MockTables["calls"][string] = ({ logGroupNamePrefix }) => {
      asked.push(logGroupNamePrefix);
      return { logGroupNames: [group] };
    };
    assert.deepEqual(await recorded(answer), { importId: group, warnings: [] });
    assert.deepEqual(asked, [group]);
  });

  it("is planned for an identity that may not list log groups, with a warning", async () => {
    const { importId, warnings } = await recorded(() => {
      throw refusal("AccessDeniedException: User: ana is not authorized to perform: logs:DescribeLogGroups");
    });
    assert.equal(importId, undefined);
    assert.match(
      warnings.join(" "),
      /cannot ask whether the log group \/aws\/eks\/mlops\/cluster is there.*AccessDenied/,
    );
  });

  it("stops the program where AWS does not answer for another reason", async () => {
    const answer = () => {
      throw refusal("ThrottlingException: Rate exceeded");
    };
    const program = () => eksLogGroup("logs", "mlops", new pulumi.ComponentResource("mlops:test:Test", "test"));
    await assert.rejects(record(program, { answers: { [question]: answer } }), /Rate exceeded/);
  });
});
