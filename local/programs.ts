import { mkdirSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import type { PlatformJson } from "../scripts/platform/platform-json.ts";
import { writePrivate } from "./cluster.ts";
import type { Environment } from "./connections.ts";

const top = join(import.meta.dirname, "..");

/** A command, and its environment beyond this process's own. */
export interface Program {
  command: string[];
  environment: Environment;
}

interface AirflowArgs {
  platform: PlatformJson;
  /** Of the web interface. */
  port: number;
  /** Of `airflow`. */
  args: string[];
  /** Run it in a container, by docker compose. */
  compose: boolean;
}

/** Airflow with the DAGs of this checkout; its tasks are pods in the cluster. */
export function airflow({ platform, port, args, compose }: AirflowArgs, project: Environment, state: string): Program {
  const environment = { ...project, ...airflowSettings(join(state, "airflow"), platform, port) };
  return compose ? inContainer(environment, args, state) : locked("local", [], ["airflow", ...args], environment);
}

/** The notebooks in JupyterLab. */
export function notebook(args: string[], project: Environment): Program {
  const image = "images/papermill";
  const lab = ["jupyter", "lab", `--notebook-dir=${join(top, image, "notebooks")}`, ...args];
  return locked(image, ["--group", "lab"], lab, project);
}

/** Makes Airflow's home with platform.json in it, and returns the settings for the DAGs of this checkout. */
function airflowSettings(home: string, platform: PlatformJson, port: number): Environment {
  mkdirSync(join(home, "platform"), { recursive: true });
  writeFileSync(join(home, "platform/platform.json"), JSON.stringify({ ...platform, inCluster: false }, null, 2));
  const bundles = Object.entries({ dags: "dags", local: "local/dags" }).map(([name, folder]) => ({
    name,
    classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
    kwargs: { path: join(top, folder) },
  }));
  return {
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify(bundles),
    // A DAG that was saved is there in seconds.
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "5",
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "5",
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: `http://localhost:${port}`,
    PYTHONPATH: ["dags", "images/pandas-basic/src"].map((path) => join(top, path)).join(delimiter),
  };
}

/** The program in the environment that the Python project's uv.lock describes; uv makes it where it is missing. */
function locked(project: string, groups: string[], program: string[], environment: Environment): Program {
  const uv = [join(top, "scripts/uv"), "run", "--quiet", "--frozen", "--project", join(top, project), ...groups];
  const folder = join(top, ".venv", basename(project));
  return { command: [...uv, ...program], environment: { ...environment, UV_PROJECT_ENVIRONMENT: folder } };
}

/** Airflow in a container, whose settings a file of the user's own holds. */
function inContainer(settings: Environment, args: string[], state: string): Program {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writePrivate(join(state, "container.env"), lines.join(""));
  const compose = ["docker", "compose", "--file", join(top, "local/compose.yaml")];
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  return {
    command: [...compose, "run", "--build", "--rm", "airflow", ...args],
    environment: { LOCAL_TOP: top, LOCAL_USER: user },
  };
}
