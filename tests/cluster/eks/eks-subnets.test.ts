import assert from "node:assert/strict";
import { subnetPlan } from "../../../components/cluster/eks/eks-subnets.ts";
import { overlap } from "../../../lib/cidr.ts";

describe("the subnets of a VPC", () => {
  it("are three for pods and three for load balancers", () => {
    assert.deepEqual(subnetPlan("10.10.0.0/16"), {
      private: ["10.10.0.0/18", "10.10.64.0/18", "10.10.128.0/18"],
      public: ["10.10.192.0/21", "10.10.200.0/21", "10.10.208.0/21"],
    });
    assert.deepEqual(subnetPlan("192.168.240.0/20").public, [
      "192.168.252.0/25",
      "192.168.252.128/25",
      "192.168.253.0/25",
    ]);
  });

  it("are inside of it and apart from each other, whatever its size", () => {
    for (const cidr of ["10.0.0.0/16", "172.31.128.0/17", "10.255.192.0/18", "10.1.32.0/19", "10.200.16.0/20"]) {
      const plan = subnetPlan(cidr);
      const all = [...plan.private, ...plan.public];
      all.forEach((range, i) => {
        assert.ok(overlap(cidr, range), `${range} is in ${cidr}`);
        assert.deepEqual(
          all.filter((other, j) => j !== i && overlap(range, other)),
          [],
        );
      });
    }
  });
});
