from airflow.sdk import dag

from common.tasks import pod_task


@dag(schedule=None, catchup=False, is_paused_upon_creation=False, tags=["examples", "postgres"])
def database_roundtrip() -> None:
    """
    ### Writes to Postgres and reads it back

    `write` stores a table of generated numbers in the project's own database, under the run's id. `read` loads
    them into pandas in another pod and compares each number with the expected one. A retry replaces the rows of
    its run. `write` deletes rows that are older than a week.
    """
    run = ["--run-id", "{{ run_id }}", "--rows", "1000"]
    write = pod_task("write", project="examples", image="pandas-basic", arguments=["database-roundtrip", "write", *run])
    read = pod_task("read", project="examples", image="pandas-basic", arguments=["database-roundtrip", "read", *run])
    write >> read


database_roundtrip()
