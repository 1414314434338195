import assert from "node:assert/strict";
import { overlap } from "../config/cidr.ts";

describe("two ranges", () => {
  const cases: [unknown, unknown, boolean][] = [
    ["10.0.0.0/16", "10.0.255.0/24", true],
    ["10.0.255.0/24", "10.0.0.0/16", true],
    ["10.0.0.0/20", "10.0.16.0/20", false],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["0.0.0.0/0", "192.0.2.0/24", true],
    ["2001:db8::/32", "2001:db8:1::/48", true],
    ["2001:db8::/32", "10.0.0.0/8", false],
    ["10.0.0.0", "10.0.0.0/8", false],
    [undefined, "10.0.0.0/8", false],
  ];
  for (const [one, other, expected] of cases) {
    it(`${String(one)} and ${String(other)} ${expected ? "share" : "do not share"} an address`, () => {
      assert.equal(overlap(one, other), expected);
    });
  }
});
