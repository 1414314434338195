import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, isObject, listAt, textAt } from "../../../lib/json.ts";
import { fields } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";

const text = readFileSync(join(import.meta.dirname, "../../../components/cluster/eks/deploy-policy.json"), "utf8");
const statements = listAt(JSON.parse(text), "Statement");
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111122223333:${resource}`;

/** Whether a name is one of those that a key of a statement has, in which `*` stands for anything. */
function names(statement: unknown, key: string, name: string): boolean {
  const value = fields(statement)[key];
  const patterns = Array.isArray(value) ? value.map(String) : [String(value)];
  return patterns.some((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(name));
}

/** The statements that allow an action on a resource. */
const allowing = (action: string, resource: string) =>
  statements.filter((statement) => names(statement, "Action", action) && names(statement, "Resource", resource));

describe("the policy of the identity that deploys to EKS", () => {
  it("finds a database by its resource ID, for which RDS asks about all of them", () => {
    assert.equal(allowing("rds:DescribeDBInstances", arn("rds", "db:*")).length, 1);
    assert.equal(allowing("rds:DeleteDBInstance", arn("rds", "db:another")).length, 0);
  });

  it("makes a database with each resource that RDS asks about", () => {
    for (const resource of [
      "db:cluster-postgres0a1b2c3",
      "og:default:postgres-18",
      "pg:cluster-postgres-0a1b2c3",
      "subgrp:cluster-postgres-0a1b2c3",
    ]) {
      assert.equal(allowing("rds:CreateDBInstance", arn("rds", resource)).length, 1, resource);
    }
  });

  it("tags what the launch templates tag, machines and disks only as they are made", async () => {
    const { resources } = await recordEks({ gpuNodes: {} });
    const templates = resources.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal(templates.length, 2);
    for (const { inputs } of templates) {
      for (const specification of listAt(inputs, "tagSpecifications")) {
        const tagged = textAt(specification, "resourceType") ?? "";
        assert.equal(allowing("ec2:CreateTags", arn("ec2", `${tagged}/x`)).length, 1, tagged);
      }
    }
    for (const tagged of ["instance", "volume"]) {
      const [statement] = allowing("ec2:CreateTags", arn("ec2", `${tagged}/x`));
      assert.deepEqual(at(statement, "Condition"), { StringEquals: { "ec2:CreateAction": "RunInstances" } });
    }
  });

  it("fits into a role as an inline policy, of 10,240 characters without white space", () => {
    assert.ok(statements.every(isObject));
    assert.ok(text.replace(/\s/g, "").length <= 10_240);
  });
});
