import { basename, join } from "node:path";
import { execPath } from "node:process";

/** A program that tests a part of the project and says at its end how that went. */
export interface Suite {
  name: string;
  command: string[];
  environment?: Record<string, string>;
}

/** The results in a suite's output. */
export interface Outcome {
  passed: number;
  failed: number;
  /** Reasons, each once. */
  skipped: string[];
  /** A line for each failed test: its name and what it said. */
  failures: string[];
}

interface PytestArgs {
  name: string;
  /** Folder of the Python project. */
  project: string;
  /** Folders of its tests. */
  tests: string[];
  /** File with pytest's settings. @default - the project's own */
  settings?: string;
  environment?: Record<string, string>;
}

const environments = join(import.meta.dirname, "../../.venv");

/** pytest in the locked environment of a Python project, which uv makes below .venv/. */
function pytest({ name, project, tests, settings = `${project}/pyproject.toml`, environment = {} }: PytestArgs): Suite {
  const uv = ["scripts/uv", "run", "--quiet", "--frozen", "--project", project];
  return {
    name,
    command: [...uv, "pytest", "-c", settings, "-q", "-rsfE", ...tests],
    environment: { UV_PROJECT_ENVIRONMENT: join(environments, basename(project)), ...environment },
  };
}

/** An image's own package. */
function image(name: string, more: Partial<PytestArgs> = {}): Suite {
  return pytest({ name, project: `images/${name}`, tests: [`images/${name}/tests`], ...more });
}

/**
 * A story on a cluster, in a process of its own: mocha's `bail` passes over every suite once a test of the process has
 * failed, which would hide the other stories. It ends with its last test, whatever a failed one has left open.
 */
function story(name: string): Suite {
  const command = [execPath, "node_modules/mocha/bin/mocha.js", "--exit", `tests/e2e/${name}.test.ts`];
  return { name: `e2e/${name}`, command };
}

const program: Suite = { name: "program", command: [execPath, "node_modules/mocha/bin/mocha.js"] };

const packages: Suite[] = [
  image("mlflow"),
  // The server that the suite before has installed.
  image("provision", { environment: { MLFLOW_BINARY: join(environments, "mlflow/bin/mlflow") } }),
  image("backup"),
  image("pageviews", { tests: ["images/pageviews/tests", "tests/loop"] }),
  image("pandas-basic"),
  image("geopandas"),
  image("scikit-learn"),
  image("papermill"),
  pytest({ name: "clouds/amazon", project: "tests/clouds/amazon", tests: ["tests/clouds/amazon/tests"] }),
  pytest({ name: "clouds/google", project: "tests/clouds/google", tests: ["tests/clouds/google/tests"] }),
  pytest({ name: "dags", project: "local", tests: ["tests/dags"], settings: "tests/dags/pytest.ini" }),
];

/** The program on imitations of the clouds, with the engine's own plugins of them. */
const clouds: Suite = {
  name: "clouds",
  command: [execPath, "node_modules/mocha/bin/mocha.js", "tests/clouds/*.test.ts"],
};

const stories = ["corporate", "doctor", "e2e", "network-policies", "two-platforms", "update"].map(story);

/**
 * Every suite of `make test`. Groups run one after the other, the lanes of a group side by side, and the suites of a lane
 * in order: stories share one cluster.
 */
export const groups: Suite[][][] = [[[program], packages], [stories], [[clouds]]];

/** The suites by name; `e2e` stands for all whose name begins with `e2e/`. */
export const suites: Suite[] = groups.flat(2);

/** Reads the closing lines of mocha with tests/reporter.ts, and of pytest with -rsfE. */
export function outcomeOf(output: string): Outcome {
  const closing = output.split("\n").findLast((line) => /\b\d+ (passed|failed|error|errors)\b/.test(line)) ?? "";
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(closing)?.[1] ?? 0);
  const reasons = output.matchAll(/^(?:skipped: |SKIPPED \[\d+\] [^ ]+:\d+: )(.+)$/gm);
  const failures = output.matchAll(/^(?:failed: |(?:FAILED|ERROR) (?=\S+\.py))(.+)$/gm);
  return {
    passed: count("passed"),
    failed: count("failed") + count("errors?"),
    skipped: [...new Set([...reasons].map(([, reason = ""]) => reason))],
    failures: [...failures].map(([, failure = ""]) => failure),
  };
}
