import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { clouds } from "../../components/cluster/kinds.ts";
import { folder } from "./program-cases.ts";

const rooms = ["components", "config", "lib", "policy", "preview", "scripts"];
const files = globSync(`{${rooms.join(",")}}/**/*.ts`, { cwd: folder });

/** What a file imports: files by their path in the repository, packages by their name. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(folder, file), "utf8");
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, path = ""]) => path);
  return paths.map((path) => (path.startsWith(".") ? normalize(join(dirname(file), path)) : path));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The files of `components` that the configuration is composed of, such as the schema of a kind of cluster. */
const described = new Set<string>();
const pending = files.filter((file) => file.startsWith("config/"));
for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
  const found = imports.get(file)?.filter((other) => other.startsWith("components/") && !described.has(other)) ?? [];
  for (const other of found) described.add(other);
  pending.push(...found);
}

/** The room that a file belongs to: what the configuration is composed of is the configuration's. */
const roomOf = (file: string) => (described.has(file) ? "config" : (file.split("/")[0] ?? ""));
const used = (room: string) =>
  new Set(
    [...imports]
      .filter(([file]) => roomOf(file) === room)
      .flatMap(([, others]) => others.filter((other) => other.includes("/") && !/^(@|node:)/.test(other)).map(roomOf)),
  );

describe("the rooms", () => {
  it("have no circle", () => {
    const below = (room: string, seen: string[] = []): string[] =>
      [...used(room)]
        .filter((other) => other !== room && rooms.includes(other))
        .flatMap((other) => {
          assert.ok(!seen.includes(other), [...seen, room, other].join(" → "));
          return [other, ...below(other, [...seen, room])];
        });
    for (const room of rooms) below(room);
  });

  it("let the configuration read of components only plain data, which loads no Pulumi", () => {
    assert.ok(described.has("components/cluster/gke/data/schema.ts"));
    for (const file of described)
      assert.deepEqual(
        // A file of JSON imports nothing.
        (file.endsWith(".json") ? [] : imports.get(file))?.filter((name) => name.startsWith("@pulumi/")),
        [],
        file,
      );
  });

  it("have no circle of files, types included", () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      assert.ok(!path.includes(file), [...path, file].join(" → "));
      if (done.has(file)) return;
      for (const other of imports.get(file) ?? []) visit(other, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it("have below them a lib that knows nothing of the platform", () => {
    assert.deepEqual([...used("lib")], ["lib"]);
  });

  it("keep tests out of the product", () => {
    for (const room of rooms) assert.ok(!used(room).has("tests"), room);
  });

  it("keep a kind of cluster in its folder, which three lists alone read", () => {
    const lists = ["create", "kinds", "preflights"].map((name) => `components/cluster/${name}.ts`);
    const ofKind = /^components\/cluster\/[^/]+\//;
    const outside = globSync(["*.{js,ts}", `{${rooms.join(",")},local}/**/*.{cjs,js,ts}`], { cwd: folder }).filter(
      (file) => !ofKind.test(file),
    );
    assert.deepEqual(
      outside.filter((file) => !lists.includes(file) && importsOf(file).some((name) => ofKind.test(name))),
      [],
    );
    // `aws:` begins a type token, and an ARN behind `arn:`.
    const providers = clouds.map(({ provider }) => provider).join("|");
    const ofCloud = new RegExp(`@pulumi/(${providers})\\b|\\b(${providers}):`);
    assert.match('"gcp:storage/bucket:Bucket"', ofCloud);
    assert.deepEqual(
      outside.filter((file) => ofCloud.test(readFileSync(join(folder, file), "utf8"))),
      [],
    );
  });

  it("hold about twenty things at the most", () => {
    const counts = new Map<string, Set<string>>();
    for (const file of files) {
      const parts = file.split("/");
      for (let depth = 1; depth < parts.length; depth++) {
        const room = parts.slice(0, depth).join("/");
        counts.set(room, (counts.get(room) ?? new Set()).add(parts[depth] ?? ""));
      }
    }
    assert.deepEqual(
      [...counts].filter(([, things]) => things.size > 25).map(([room, things]) => `${room}: ${things.size}`),
      [],
    );
  });
});
