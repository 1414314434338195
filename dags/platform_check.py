from datetime import timedelta

from airflow.sdk import dag

from common.platform import platform
from common.tasks import pod_task


@dag(schedule=None, catchup=False, is_paused_upon_creation=False, tags=["platform", "smoke"])
def platform_check() -> None:
    """
    ### Checks the connections of every project

    Runs one task for each project, in a pod with the project's namespace, settings and identity. The task
    connects to Postgres, lists its experiments in MLflow, and writes, reads and deletes a file under `DATA_URI`.
    Run this DAG after `pulumi up`, a rotation of keys or a change of NetworkPolicies.

    A failed task names each connection that does not work.
    """
    for project in platform().projects:
        pod_task(
            f"check_{project}",
            project=project,
            image="pandas-basic",
            arguments=["check"],
            timeout=timedelta(minutes=15),
            retries=1,
        )


platform_check()
