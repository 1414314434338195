import assert from "node:assert/strict";
import { mask } from "../../preview/report/mask.ts";

describe("mask", () => {
  it("hides values at secret paths, below them too, and keeps their keys", () => {
    const value = { stringData: { password: "x", "a.crt": "y" }, list: [{ token: "z", plain: 1 }], plain: "text" };
    assert.deepEqual(mask(value, ["stringData", "list[0].token"]), {
      stringData: { password: "[secret]", "a.crt": "[secret]" },
      list: [{ token: "[secret]", plain: 1 }],
      plain: "text",
    });
  });

  it("finds a key with a dot by the path that the recorder gives it", () => {
    assert.deepEqual(mask({ data: { "ca.crt": "x", other: "y" } }, ['data["ca.crt"]']), {
      data: { "ca.crt": "[secret]", other: "y" },
    });
  });

  it("hides nothing where there is no secret", () => {
    assert.deepEqual(mask({ a: [1, null, "x"] }, []), { a: [1, null, "x"] });
  });
});
