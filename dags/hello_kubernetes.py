from airflow.sdk import dag

from common.tasks import pod_task


@dag(schedule=None, catchup=False, is_paused_upon_creation=False, tags=["examples", "smoke"])
def hello_kubernetes() -> None:
    """
    ### The smallest DAG: one pod that says hello

    Shows that Airflow can start a pod in a project's namespace and read its log. The pod prints its user, its
    Python version and the names of the project's settings that it receives, never their values.
    The DAG needs nothing else of the platform; `platform_check` checks the rest.
    """
    pod_task("hello", project="examples", image="pandas-basic", arguments=["hello"])


hello_kubernetes()
