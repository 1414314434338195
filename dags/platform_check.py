from datetime import timedelta

from airflow.sdk import dag

from common.platform import platform
from common.tasks import pod_task


@dag(schedule=None, catchup=False, tags=["platform", "smoke"])
def platform_check() -> None:
    """
    ### Does every project reach what it was given?

    One task a project of the platform: from a pod in the project's namespace, with the project's own settings
    and identity, it connects to Postgres, asks MLflow for its experiments, and writes, reads and deletes a file
    under `DATA_URI`. Run it after `pulumi up`, a rotation of keys or a change of NetworkPolicies.

    A task that fails names each connection that does not answer.
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
