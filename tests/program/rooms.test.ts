import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { folder } from "./program-cases.ts";

const rooms = ["components", "config", "lib", "policy", "preview", "scripts"];
const files = globSync(`{${rooms.join(",")}}/**/*.ts`, { cwd: folder });

/** The top-level folders that a file imports from. */
function imported(file: string): string[] {
  const text = readFileSync(join(folder, file), "utf8");
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) => path);
  return paths.map((path) => normalize(join(dirname(file), path)).split("/")[0] ?? "");
}

const used = (room: string) => new Set(files.filter((file) => file.startsWith(`${room}/`)).flatMap(imported));

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

  it("have below them a lib that knows nothing of the platform", () => {
    assert.deepEqual([...used("lib")], ["lib"]);
  });

  it("keep tests out of the product", () => {
    for (const room of rooms) assert.ok(!used(room).has("tests"), room);
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
