import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedChart, pinnedPackage } from "../../components/airflow/chart/chart-package.ts";
import { charts } from "../../components/charts.ts";
import { UserError } from "../../config/errors.ts";

const repository = "https://charts.example.invalid";
const { version, digest } = charts.airflow;

const unexpected = (source: string) => assert.fail(`fetches ${source}`);

describe("checkedChart", () => {
  let scratch: string;
  let tools: string | undefined;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "chart-"));
    tools = process.env.MLOPS_TOOLS;
    process.env.MLOPS_TOOLS = scratch;
  });
  afterEach(() => {
    process.env.MLOPS_TOOLS = tools;
    rmSync(scratch, { recursive: true });
  });

  const kept = () => join(scratch, `airflow-${version}.tgz`);

  for (const source of [
    "oci://registry.example.org/charts",
    "oci://registry.example.org/charts/airflow",
    "/srv/airflow",
    `${repository}/airflow-9.9.9.tgz`,
    "http://charts.example.invalid/airflow-9.9.9.tgz",
  ]) {
    it(`takes ${source} as it is`, () => {
      assert.equal(pinnedPackage(source), undefined);
      assert.equal(checkedChart(source, unexpected), source);
    });
  }

  for (const source of [
    repository,
    "http://charts.example.invalid/charts",
    `${repository}/airflow-${version}.tgz`,
    `http://charts.example.invalid/airflow-${version}.tgz`,
  ]) {
    it(`asks ${source} for the package once, and refuses one of another content each time`, () => {
      const asked: string[] = [];
      const fetchAnother = (from: string) => {
        asked.push(from);
        writeFileSync(kept(), "another");
      };
      const message = new RegExp(
        `airflow-${version}\\.tgz is not airflow ${version}: its sha256 is \\w{64}; .* pins ${digest}\\. Delete the file and run \`make chart\`$`,
      );
      assert.throws(() => checkedChart(source, fetchAnother), { message });
      assert.throws(() => checkedChart(source, fetchAnother), { message });
      assert.deepEqual(asked, [source]);
      assert.ok(existsSync(kept()));
    });
  }

  it("refuses a local package of the pinned name and another content, which nobody has to delete", () => {
    const own = join(scratch, "own");
    mkdirSync(own);
    const path = join(own, `airflow-${version}.tgz`);
    assert.throws(() => checkedChart(path, unexpected), { message: `airflow.chart: the file ${path} does not exist` });
    writeFileSync(path, "another");
    assert.throws(() => checkedChart(path, unexpected), {
      message: /own\/airflow-.* is not airflow .*\. If it is your own chart, change its version or rename the file$/,
    });
  });

  const failureOf = (source: string) => {
    try {
      checkedChart(source);
    } catch (error) {
      assert.ok(error instanceof UserError);
      assert.equal(error.stack, error.message);
      return error.message;
    }
    return assert.fail("it is fetched");
  };

  it("says what to set where the package cannot be fetched, without the login", () => {
    const withLogin = repository.replace("//", "//robot:secret@");
    assert.match(
      failureOf(withLogin),
      /^Airflow's chart cannot be fetched: scripts\/helm\/fetch\.ts: https:\/\/charts\.example\.invalid\/index\.yaml cannot be reached: [^@]*\. Set airflow\.chart to a package that you have, or to a mirror$/,
    );
  });
});
