// scripts/ci/vulnerabilities.ts and the list that it checks.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { publicImages } from "../../components/images.ts";
import { isExact } from "../../config/image-tag.ts";
import { ignoreFile, parseKnown } from "../../scripts/ci/vulnerabilities.ts";

const top = join(import.meta.dirname, "../..");
const today = "2026-11-30";
const good = {
  id: "CVE-2026-1234",
  images: ["docker.io/library/postgres", "backup"],
  reason: "Debian has no fix; nothing here parses XML.",
  until: "2027-01-31",
};
const listOf = (...vulnerabilities: object[]) => stringify({ vulnerabilities });

describe(".github/known-vulnerabilities.yaml", () => {
  it("is a list as the checker wants it", () => {
    // Whether an entry has expired is the scan's business: a checkout does not begin to fail by itself.
    parseKnown(readFileSync(join(top, ".github/known-vulnerabilities.yaml"), "utf8"), "2026-01-01");
  });
});

describe("a list of known vulnerabilities", () => {
  const wrong: [name: string, text: string, message: RegExp][] = [
    ["an expired entry", listOf({ ...good, until: "2026-11-29" }), /CVE-2026-1234 of docker.io.* until 2026-11-29/],
    ["an unknown key", listOf({ ...good, note: "x" }), /vulnerabilities\.0: .*note/],
    ["an unknown key at the top", stringify({ vulnerabilities: [], ignored: [] }), /ignored/],
    ["no reason", listOf({ ...good, reason: undefined }), /vulnerabilities\.0\.reason/],
    ["a reason that says nothing", listOf({ ...good, reason: "  tbd    " }), /a sentence/],
    ["no date", listOf({ ...good, until: undefined }), /vulnerabilities\.0\.until/],
    ["a date that is none", listOf({ ...good, until: "2026-13-01" }), /a date such as/],
    ["an image that nobody runs", listOf({ ...good, images: ["docker.io/library/mysql"] }), /images\.0: one of docker/],
    ["no image", listOf({ ...good, images: [] }), /at least one image/],
    ["an id that is a package", listOf({ ...good, id: "openssl" }), /CVE-2026-1234/],
  ];
  for (const [name, text, message] of wrong) {
    it(`with ${name} is refused`, () => assert.throws(() => parseKnown(text, today), message));
  }

  it("is refused with every problem at once", () => {
    const text = listOf({ ...good, id: "x" }, { ...good, until: "soon" });
    assert.throws(() => parseKnown(text, today), /vulnerabilities\.0\.id[^]*vulnerabilities\.1\.until/);
  });

  it("is good until the end of its day", () => {
    assert.equal(parseKnown(listOf({ ...good, until: today }), today).length, 1);
  });

  it("becomes the scanner's own file, of one image", () => {
    const known = parseKnown(listOf(good, { ...good, id: "GHSA-aaaa-bbbb-cccc", images: ["mlflow"] }), today);
    const line = "# Debian has no fix; nothing here parses XML.\nCVE-2026-1234 exp:2027-01-31\n";
    assert.equal(ignoreFile(known, "backup"), line);
    assert.equal(ignoreFile(known, "docker.io/library/postgres"), line);
    assert.equal(ignoreFile(known, "geopandas"), "");
    assert.throws(() => ignoreFile(known, "mysql"), /no image mysql; the images are /);
  });
});

describe("what is scanned", () => {
  const call = (...args: string[]) =>
    spawnSync(process.execPath, ["scripts/ci/vulnerabilities.ts", ...args], { cwd: top, encoding: "utf8" });

  it("is every public image, as a cloud pulls it", () => {
    const images = JSON.parse(call("--list").stdout) as { image: string; name: string }[];
    assert.equal(images.length, Object.keys(publicImages).length);
    for (const { image, name } of images) {
      assert.ok(isExact(image), image);
      assert.ok(image.startsWith(`${name}:`), image);
    }
  });

  it("takes a name that is known, and no wrong option", () => {
    assert.equal(call("--image", "mlflow").status, 0);
    assert.equal(call("--image", "mysql").status, 1);
    assert.match(call().stderr, /use --list or --image NAME\n$/);
  });
});
