import assert from "node:assert/strict";
import { z } from "zod";
import { accepted, whereAccepted } from "../../config/rules/accepted.ts";

const schema = z.strictObject({
  store: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("disk"), sizes: z.array(z.number()) }),
    z.strictObject({ kind: z.literal("bucket") }),
  ]),
  name: z.string().regex(/^[a-z]+$/),
  region: z.string(),
});
type Values = z.output<typeof schema>;

/** What a rule reads of values, and the keys that the schema refuses. */
function read<T>(values: Record<string, unknown>, rule: (config: Values) => T): { found: T[]; refused: string[] } {
  let found: T[] = [];
  const refining = schema.superRefine(
    (parsed, { issues }) => {
      const config = accepted(parsed, issues);
      found = whereAccepted(() => [rule(config)]);
    },
    { when: () => true },
  );
  const { error } = refining.safeParse(values);
  return { found, refused: error?.issues.map(({ path }) => path.join(".")) ?? [] };
}

const disk = { kind: "disk", sizes: [1, 2] };
const right = { store: disk, name: "a", region: "b" };

describe("a rule", () => {
  it("reads what the schema accepts beside what it refuses", () => {
    const wrong = { store: disk, name: "A", region: 1, more: true };
    assert.deepEqual(
      read(wrong, ({ store }) => (store.kind === "disk" ? store.sizes.map((size) => size * 2) : [])),
      { found: [[2, 4]], refused: ["name", "region", ""] },
    );
  });

  for (const [title, values] of Object.entries({
    "of the wrong type": { ...right, region: 1 },
    "that is missing": { store: disk, name: "a" },
  })) {
    it(`says nothing where it reads a value ${title}`, () => {
      const { found, refused } = read(values, ({ region }) => region.length);
      assert.deepEqual([found, refused], [[], ["region"]]);
    });
  }

  it("says nothing where it reads a text of the wrong form", () => {
    assert.deepEqual(read({ ...right, name: "A" }, ({ name }) => name).found, []);
  });

  it("says nothing of an object whose kind is unknown, and of which the schema has looked at nothing", () => {
    const { found, refused } = read({ ...right, store: { kind: "tape", sizes: "x" } }, ({ store }) => "sizes" in store);
    assert.deepEqual([found, refused], [[], ["store.kind"]]);
  });

  it("reads a list up to the element that is refused", () => {
    const values = { ...right, store: { kind: "disk", sizes: [1, "x"] } };
    const sizeOver = (least: number) => (config: Values) =>
      config.store.kind === "disk" && config.store.sizes.some((size) => size > least);
    assert.deepEqual(read(values, sizeOver(0)).found, [true]);
    assert.deepEqual(read(values, sizeOver(1)).found, []);
  });

  it("fails by its own errors", () => {
    assert.throws(() => read(right, () => assert.fail("a mistake of the rule")), /a mistake of the rule/);
  });
});
