import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedChart, chartPath } from "../../components/airflow/chart/chart-package.ts";
import { charts } from "../../components/charts.ts";

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

  for (const source of ["oci://registry.example.org/charts", "/srv/airflow", `${repository}/airflow-9.9.9.tgz`]) {
    it(`takes ${source} as it is`, () => assert.equal(checkedChart(source, unexpected), source));
  }

  it("asks for the package once, and refuses one of another content each time", () => {
    const asked: string[] = [];
    const fetchAnother = (source: string) => {
      asked.push(source);
      writeFileSync(chartPath(), "another");
    };
    const refused = new RegExp(
      `airflow-${version}\\.tgz is not airflow ${version}: its sha256 is \\w{64}; .* pins ${digest}`,
    );
    assert.throws(() => checkedChart(repository, fetchAnother), refused);
    assert.throws(() => checkedChart(repository, fetchAnother), refused);
    assert.deepEqual(asked, [repository]);
    assert.ok(existsSync(chartPath()));
  });

  it("refuses a local package of the pinned name and another content", () => {
    const own = join(scratch, "own");
    mkdirSync(own);
    const path = join(own, `airflow-${version}.tgz`);
    writeFileSync(path, "another");
    assert.throws(() => checkedChart(path, unexpected), /own\/airflow-.* is not airflow/);
  });

  it("says what to set where the package cannot be fetched", () => {
    assert.throws(
      () => checkedChart(repository),
      /^Error: Airflow's chart cannot be fetched: scripts\/helm\/fetch\.ts: https:\/\/charts\.example\.invalid\/index\.yaml cannot be reached: .*\. Set airflow\.chart to a package that you have, or to a mirror$/,
    );
  });
});
