import assert from "node:assert/strict";
import { cidr, cidr4, covers, overlap } from "../../lib/cidr.ts";

describe("two ranges", () => {
  const cases: [string, string, boolean][] = [
    ["10.0.0.0/16", "10.0.255.0/24", true],
    ["10.0.255.0/24", "10.0.0.0/16", true],
    ["10.0.0.0/20", "10.0.16.0/20", false],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["0.0.0.0/0", "192.0.2.0/24", true],
    ["2001:db8::/32", "2001:db8:1::/48", true],
    ["2001:db8::/32", "10.0.0.0/8", false],
    ["10.0.7.1/16", "10.0.0.0/20", true],
  ];
  for (const [one, other, expected] of cases) {
    it(`${one} and ${other} ${expected ? "share" : "do not share"} an address`, () => {
      assert.equal(overlap(one, other), expected);
    });
  }
});

describe("a range", () => {
  const corrected: [string, string][] = [
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["10.10.15.255/20", "10.10.0.0/20"],
    ["203.0.113.7/32", "203.0.113.7/32"],
    ["255.255.255.255/0", "0.0.0.0/0"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["2001:DB8:0:ffff:1::/60", "2001:db8:0:fff0::/60"],
    ["::1/128", "::1/128"],
  ];
  for (const [range, expected] of corrected) {
    it(`${range} begins as ${expected}`, () => {
      assert.equal(cidr.safeParse(expected).success, true);
      const found = cidr.safeParse(range);
      assert.deepEqual(
        found.error?.issues.map(({ message }) => message) ?? [],
        range === expected ? [] : [`${expected}, the first address of the range`],
      );
    });
  }

  it("may be written in capitals and in full: only the bits behind the prefix count", () => {
    assert.ok(cidr.safeParse("2001:0DB8:0:0:0:0:0:0/32").success);
  });

  it("is of IPv4 where only that will do, and of nothing else one message is said", () => {
    assert.ok(cidr4.safeParse("10.0.0.0/8").success);
    for (const other of ["2001:db8::/32", "10.0.0.0", "10.0.0.0/33", "office"]) {
      const { error } = cidr4.safeParse(other);
      assert.deepEqual(
        error?.issues.map(({ message }) => message),
        ["an IPv4 CIDR such as 203.0.113.0/24"],
        other,
      );
    }
  });

  it("covers what begins in it and is no wider", () => {
    assert.ok(covers("172.16.0.0/12", "172.31.0.0/16"));
    assert.ok(!covers("172.16.0.0/12", "172.16.0.0/11"));
    assert.ok(!covers("172.16.0.0/12", "172.32.0.0/16"));
  });
});
