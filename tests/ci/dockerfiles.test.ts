import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ownImages, publicImages } from "../../components/images.ts";
import { isExact } from "../../config/image-tag.ts";
import { basesOf } from "../../lib/docker/dockerfile.ts";

const top = join(import.meta.dirname, "../..");

/** Instructions of a Dockerfile with continued lines joined and its ARGs' defaults filled in. */
function instructions(path: string): { name: string; rest: string }[] {
  const text = readFileSync(join(top, path), "utf8")
    .replace(/^#.*\n/gm, "")
    .replaceAll(/\\\n/g, " ");
  const defaults = new Map([...text.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name = "", value = ""]) => [name, value]));
  const filled = text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => defaults.get(name) ?? whole);
  return [...filled.matchAll(/^([A-Z]+) +(.+)$/gm)].map(([, name = "", rest = ""]) => ({ name, rest }));
}

/** What makes the packages of an image the locked ones. */
function lockOf(name: string): RegExp {
  if (name === "airflow" || name === "pageviews")
    return /pip install .*--no-deps .*--require-hashes|--require-hashes .*--no-deps/;
  return name === "local" ? /uv sync --frozen / : /uv export --frozen .*uv pip install .*--no-deps --require-hashes/;
}

const dockerfiles = [
  ...ownImages.map((name) => ({ name, path: `images/${name}/Dockerfile` })),
  { name: "local", path: "local/Dockerfile" },
];

describe("every Dockerfile", () => {
  it("starts from images with an exact tag", () => {
    const paths = globSync("{images/*,local,.devcontainer}/Dockerfile", { cwd: top });
    assert.deepEqual(
      dockerfiles.map(({ path }) => path).filter((path) => !paths.includes(path)),
      [],
    );
    for (const path of paths) {
      const bases = basesOf(readFileSync(join(top, path), "utf8"));
      assert.notDeepEqual(bases, [], path);
      for (const image of bases) assert.ok(isExact(image), `${path}: ${image}`);
    }
  });
});

describe("an image that is built on a public one", () => {
  const cases = { backup: "postgres", airflow: "airflow" } as const;
  for (const [name, base] of Object.entries(cases)) {
    it(`has the version of the platform: ${name} on ${base}`, () => {
      const { repository, tag } = publicImages[base];
      const bases = basesOf(readFileSync(join(top, `images/${name}/Dockerfile`), "utf8"));
      assert.ok(bases.includes(`${repository}:${tag}`), `${bases.join(", ")}; components/images.ts has ${tag}`);
    });
  }
});

for (const { name, path } of dockerfiles) {
  describe(path, () => {
    const all = instructions(path);

    it("ends as a non-root user, by number", () => {
      const lastFrom = all.findLastIndex(({ name }) => name === "FROM");
      // The last stage of images/airflow inherits the user of the one before.
      const users = all.slice(name === "airflow" ? 0 : lastFrom).filter(({ name }) => name === "USER");
      assert.match(users.at(-1)?.rest ?? "none", /^[1-9]\d*:\d+$/);
    });

    it("installs what is locked", () => {
      const runs = all.filter(({ name }) => name === "RUN").map(({ rest }) => rest);
      assert.ok(runs.some((run) => lockOf(name).test(run)));
      const syncs = runs.filter((run) => run.includes("uv sync"));
      assert.ok(syncs.length === 0 || existsSync(join(top, path, "..", "uv.lock")));
      assert.ok(syncs.every((run) => run.includes("uv sync --frozen ")));
    });

    it("takes the site's index and authorities wherever it installs packages", () => {
      if (name === "local") return;
      const installs = all.filter(({ name, rest }) => name === "RUN" && /pip install (?!.*--no-index)/.test(rest));
      assert.notDeepEqual(installs, []);
      for (const { rest } of installs) {
        const settings = rest.includes("uv pip install")
          ? "id=uv.toml,target=/etc/uv/uv.toml"
          : "id=pip.conf,target=/etc/pip.conf";
        // Over a file of the image's own, buildah would take that file away when the step ends.
        for (const mount of [settings, "id=ca.pem"])
          assert.ok(rest.includes(`--mount=type=secret,${mount},mode=0444 `), `${mount}: ${rest}`);
        if (rest.includes("uv pip install")) assert.match(rest, /export SSL_CERT_FILE=\/run\/secrets\/ca\.pem/);
      }
    });
  });
}
