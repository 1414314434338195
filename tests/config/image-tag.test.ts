import assert from "node:assert/strict";
import { isExact, isExactTag, parseReference } from "../../config/image-tag.ts";

const digest = `sha256:${"0".repeat(64)}`;

/** Whether a reference is exact, and why it is or is not. */
const references: [reference: string, exact: boolean, why: string][] = [
  ["docker.io/library/postgres:18.6-bookworm", true, "Postgres has releases of two numbers"],
  ["mirror.example.org/public/library/postgres:18.6-bookworm", true, "the same through a mirror"],
  ["postgres:18-bookworm", false, "the newest patch of a major"],
  ["postgres:9.6", false, "a minor: Postgres had three numbers then"],
  ["docker.io/library/redis:7.4-bookworm", false, "two numbers elsewhere are a minor"],
  ["redis:7.4.11-bookworm", true, "a full version"],
  ["redis:7", false, "a major"],
  ["golang:1.26-bookworm", false, "a minor"],
  ["python:3.11-slim-bookworm", false, "a minor"],
  ["python:3.11.17-slim-bookworm", true, "a full version"],
  ["redis:7-alpine3.22.1", false, "the full version is the system's"],
  ["debian:bookworm-slim", false, "a name of a release of the system"],
  ["debian:bookworm-20260803-slim", true, "a date"],
  ["quay.io/prometheus/prometheus:v3.15.0", true, "a full version with v"],
  ["registry.k8s.io/kubectl:v1.35.0-alpha.1", true, "a pre-release"],
  ["docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z-distroless", true, "a stamp of time"],
  ["docker.io/pgsty/silo:latest-distroless", false, "a channel"],
  ["docker.io/apache/airflow:slim-3.3.2-python3.12", true, "a full version behind a word"],
  ["docker.io/apache/airflow:slim-latest-python3.12", false, "the language's version alone"],
  ["x:stable", false, "a channel"],
  ["x:latest", false, "a channel"],
  ["x:Latest", false, "a channel"],
  ["x:lts-24", false, "a channel with a major"],
  ["x:main", false, "a branch"],
  ["x:pr-12", false, "built again with each push"],
  ["x:prod", false, "a place"],
  ["x", false, "no tag"],
  ["registry:5000/x", false, "a port is not a tag"],
  ["registry:5000/path/x:v1", false, "a major"],
  ["registry:5000/path/x:v1.2.3", true, "a full version"],
  [`x@${digest}`, true, "a digest"],
  [`x:latest@${digest}`, true, "a digest, whatever the tag"],
  ["x@sha256:abc", false, "a digest that is cut"],
  ["x:1.2.3@md5:abc", false, "a digest of another kind"],
  ["", false, "nothing"],
];

/** Tags that users give to their own images. */
const tags: [tag: string, exact: boolean][] = [
  ["0.1.0", true],
  ["v1.4.0", true],
  ["1.4", false],
  ["v1", false],
  ["2026.11.1", true],
  ["2026.11", false],
  ["2026-11-30", true],
  ["20261130-2", true],
  ["2026-13-30", false],
  ["sha-abc1234", true],
  ["4f2c1de", true],
  ["defaced", false],
  ["v1.4-12-g4f2c1de", true],
  ["team-42", true],
  ["build.57", true],
  ["r15", true],
  ["42", false],
  ["team", false],
  ["release-7", false],
];

describe("an image", () => {
  for (const [reference, exact, why] of references) {
    it(`${reference} is ${exact ? "" : "not "}exact: ${why}`, () => assert.equal(isExact(reference), exact));
  }
});

describe("a tag of one's own", () => {
  for (const [tag, exact] of tags) {
    it(`${tag} is ${exact ? "" : "not "}exact`, () => assert.equal(isExactTag(tag), exact));
  }
});

describe("a reference", () => {
  it("is taken apart, whatever of it is there", () => {
    assert.deepEqual(parseReference(`host:5000/a/b:1.2@${digest}`), {
      repository: "host:5000/a/b",
      tag: "1.2",
      digest,
    });
    assert.deepEqual(parseReference("host:5000/a/b"), { repository: "host:5000/a/b" });
    assert.equal(parseReference("a b"), undefined);
  });
});
