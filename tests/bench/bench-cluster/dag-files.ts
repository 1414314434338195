import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "../../program/program-cases.ts";
import { project } from "./platform.ts";

/** The DAG with one EmptyOperator: its runs start no pod. */
export const probeDag = "bench_probe";

/** What the generated DAGs have in common in Airflow's API. */
export const generatedTag = "bench-generated";

export const generatedFolder = "generated";

/** How many tasks of a rate's DAG run at once, and how many it has. */
export const rates = [
  { atOnce: 1, tasks: 4 },
  { atOnce: 4, tasks: 8 },
];

export function rateDag(atOnce: number): string {
  return `bench_rate_${atOnce}`;
}

/** A folder with the DAGs that the sections run, which pods of other users can read. */
export async function newDagFolder(): Promise<string> {
  const dags = await mkdtemp(join(tmpdir(), "bench-dags-"));
  await chmod(dags, 0o755);
  for (const entry of ["common", "platform_check.py"]) {
    const isSource = (path: string) => !path.includes("__pycache__");
    await cp(join(folder, "dags", entry), join(dags, entry), { recursive: true, filter: isSource });
  }
  await writeFile(join(dags, `${probeDag}.py`), probe);
  for (const { atOnce, tasks } of rates) await writeFile(join(dags, `${rateDag(atOnce)}.py`), rate(atOnce, tasks));
  return dags;
}

/** Writes the generated DAGs with numbers from `first` to `last`, a file each. */
export async function writeGenerated(dags: string, first: number, last: number): Promise<void> {
  await mkdir(join(dags, generatedFolder), { recursive: true });
  for (let number = first; number <= last; number++) {
    await writeFile(join(dags, generatedFolder, `bench_${number}.py`), generatedDag(number));
  }
}

export async function removeGenerated(dags: string): Promise<void> {
  await rm(join(dags, generatedFolder), { recursive: true, force: true });
}

/** Switched on like a DAG in use; its first run is far away, so that no pod of it disturbs what is measured. */
export function generatedDag(number: number): string {
  return `from datetime import UTC, datetime

from airflow.sdk import dag

from common.tasks import pod_task


@dag(
    dag_id="bench_${number}",
    schedule="@daily",
    start_date=datetime(2100, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    tags=["${generatedTag}"],
)
def generated() -> None:
    pod_task("hello", project="${project}", image="pandas-basic", arguments=["hello"])


generated()
`;
}

const probe = `from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag


@dag(schedule=None, catchup=False)
def ${probeDag}() -> None:
    EmptyOperator(task_id="empty")


${probeDag}()
`;

/** Independent tasks that say hello. */
function rate(atOnce: number, tasks: number): string {
  return `from airflow.sdk import dag

from common.tasks import pod_task


@dag(schedule=None, catchup=False, max_active_tasks=${atOnce})
def ${rateDag(atOnce)}() -> None:
    for number in range(${tasks}):
        pod_task(f"hello_{number}", project="${project}", image="pandas-basic", arguments=["hello"])


${rateDag(atOnce)}()
`;
}
