import assert from "node:assert/strict";
import { fieldChanges } from "../../lib/field-changes.ts";

describe("fieldChanges", () => {
  const cases: [title: string, before: unknown, after: unknown, changes: [string, unknown, unknown][]][] = [
    ["nothing where nothing differs", { a: [1, { b: "x" }] }, { a: [1, { b: "x" }] }, []],
    ["a value, by its path", { a: { b: 1 } }, { a: { b: 2 } }, [["a.b", 1, 2]]],
    [
      "a new and a lost field",
      { a: 1 },
      { b: 2 },
      [
        ["a", 1, undefined],
        ["b", undefined, 2],
      ],
    ],
    [
      "items by their names, wherever they stand",
      {
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      },
      {
        env: [
          { name: "B", value: "3" },
          { name: "A", value: "1" },
        ],
      },
      [["env[B].value", "2", "3"]],
    ],
    ["items without names by their position", { ports: [80, 443] }, { ports: [80] }, [["ports[1]", 443, undefined]]],
    ["the fields of JSON in a text", { data: '{"a":[1]}' }, { data: '{"a":[2]}' }, [["data.a[0]", 1, 2]]],
    ["a text that only looks like JSON as a text", { data: "[x" }, { data: "[y" }, [["data", "[x", "[y"]]],
    [
      "an object that becomes empty",
      { a: { b: 1 } },
      { a: {} },
      [
        ["a", undefined, "{}"],
        ["a.b", 1, undefined],
      ],
    ],
  ];
  for (const [title, before, after, changes] of cases) {
    it(`finds ${title}`, () =>
      assert.deepEqual(
        fieldChanges(before, after).map((change) => [change.path, change.before, change.after]),
        changes,
      ));
  }
});
