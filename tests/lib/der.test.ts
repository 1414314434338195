import assert from "node:assert/strict";
import { bitString, boolean, der, explicit, implicit, integer, objectIdentifier, utcTime } from "../../lib/der.ts";

const hex = (encoded: Buffer) => encoded.toString("hex");

describe("DER", () => {
  it("writes short lengths in one octet, longer ones with their count in front", () => {
    const head = (length: number) => hex(der(0x04, Buffer.alloc(length)).subarray(0, -length));
    assert.equal(head(0x7f), "047f");
    assert.equal(head(0x80), "048180");
    assert.equal(head(0x100), "04820100");
    assert.equal(head(0x10000), "0483010000");
    assert.equal(hex(der(0x05)), "0500");
  });

  it("keeps numbers positive whose first bit is set", () => {
    assert.equal(hex(integer(Buffer.from([0x7f]))), "02017f");
    assert.equal(hex(integer(Buffer.from([0x80]))), "02020080");
  });

  it("writes the parts of an object identifier in base 128", () => {
    assert.equal(hex(objectIdentifier("1.3.6.1.4.1.311.21.20")), "06092b0601040182371514");
    assert.equal(hex(objectIdentifier("2.5.29.17")), "0603551d11");
  });

  it("writes times to the second, in UTC", () => {
    assert.equal(utcTime(new Date("2049-12-31T23:59:59+00:00")).subarray(2).toString(), "491231235959Z");
  });

  it("writes tags of its own, flags and unused bits", () => {
    assert.equal(hex(explicit(3, Buffer.from([1]))), "a30101");
    assert.equal(hex(implicit(2, Buffer.from([1]))), "820101");
    assert.equal(hex(boolean(true)) + hex(boolean(false)), "0101ff010100");
    assert.equal(hex(bitString(Buffer.from([0x84]), 2)), "03020284");
  });
});
