import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { validate } from "../../config.ts";
import { type ImageLock, lockFile, lockText, parseLock, readLock } from "../../components/image-lock.ts";
import { createImages, imagesOf, noMirrors, publicImages } from "../../components/images.ts";
import { chartValues } from "../../components/airflow/values.ts";
import { options } from "../airflow/cases.ts";
import { pinnedImages } from "../../scripts/ci/pulls.ts";

const digest = `sha256:${"a".repeat(64)}`;
const lockOf = (...images: string[]): ImageLock =>
  Object.fromEntries(images.map((image) => [image, { digest, seen: "2026-11-30" }]));

describe("images.lock.json", () => {
  it("has only images that are pinned: make pins takes others out", () => {
    const pinned = pinnedImages();
    assert.deepEqual(
      Object.keys(readLock()).filter((image) => !pinned.includes(image)),
      [],
    );
  });

  it("is as make pins writes it", () => {
    assert.equal(readFileSync(lockFile, "utf8"), lockText(readLock()));
  });
});

describe("a lock", () => {
  const wrong: [name: string, text: object, message: RegExp][] = [
    [
      "a digest that is cut",
      { images: { "x:1.0.0": { digest: "sha256:abc", seen: "2026-11-30" } } },
      /x:1\.0\.0 → digest/,
    ],
    ["a date that is none", { images: { "x:1.0.0": { digest, seen: "yesterday" } } }, /x:1\.0\.0 → seen/],
    ["an unknown key", { images: { "x:1.0.0": { digest, seen: "2026-11-30", size: 1 } } }, /size/],
    ["an image without a tag", { images: { x: { digest, seen: "2026-11-30" } } }, /images → x/],
    ["no images", {}, /images: /],
  ];
  for (const [name, value, message] of wrong) {
    it(`with ${name} is refused, with the command that brings it back`, () => {
      assert.throws(() => parseLock(JSON.stringify(value)), message);
      assert.throws(() => parseLock(JSON.stringify(value)), /git checkout images\.lock\.json/);
    });
  }
});

describe("an image's reference", () => {
  const { repository, tag } = publicImages.redis;
  const lock = lockOf(`${repository}:${tag}`, "docker.io/library/postgres:1.0.0");

  it("has the lock's digest behind its tag", () => {
    const images = createImages("localhost/mlops", "0.1.0", noMirrors, lock);
    assert.equal(images.public("redis"), `${repository}:${tag}@${digest}`);
    assert.deepEqual(images.inChart("redis"), { repository, tag: `${tag}@${digest}` });
  });

  it("is the tag alone where the lock has another tag of it or nothing", () => {
    const images = createImages("localhost/mlops", "0.1.0", noMirrors, lock);
    assert.equal(images.public("postgres"), `${publicImages.postgres.repository}:${publicImages.postgres.tag}`);
    assert.equal(createImages("localhost/mlops", "0.1.0").public("redis"), `${repository}:${tag}`);
  });

  it("keeps the digest through a mirror, which has the same content", () => {
    const images = createImages("localhost/mlops", "0.1.0", { all: "mirror.example.org/public", of: {} }, lock);
    assert.equal(images.public("redis"), `mirror.example.org/public/library/redis:${tag}@${digest}`);
  });

  it("reaches the chart's worker pods whole", () => {
    const { airflow } = publicImages;
    const reference = createImages("", "", noMirrors, lockOf(`${airflow.repository}:${airflow.tag}`)).public("airflow");
    const values = chartValues(options({ image: reference })).images.pod_template;
    assert.equal(`${values.repository}:${values.tag}`, `${airflow.repository}:${airflow.tag}@${digest}`);
  });

  it("of an own image has no digest: the lock is of public ones", () => {
    assert.equal(
      createImages("localhost/mlops", "0.1.0", noMirrors, lock).own("mlflow"),
      "localhost/mlops/mlflow:0.1.0",
    );
  });
});

describe("a stack's digests", () => {
  const locked = "docker.io/library/postgres:18.6-bookworm";
  const imageOf = (cluster: object) =>
    imagesOf(validate({ imageRegistry: "registry.example.org/mlops", cluster })).public("postgres");
  const existing = { kind: "existing", context: "team" };

  it("are taken wherever nodes pull images", () => {
    for (const cluster of [existing, { kind: "eks", region: "eu-central-1" }]) {
      assert.equal(imageOf(cluster), `${locked}@${readLock()[locked]?.digest ?? "no digest"}`);
    }
  });

  it("are dropped on minikube, and where the stack says so", () => {
    assert.equal(imageOf({ kind: "minikube" }), locked);
    assert.equal(imageOf({ ...existing, imageDigests: false }), locked);
    assert.notEqual(imageOf({ kind: "minikube", imageDigests: true }), locked);
  });
});
