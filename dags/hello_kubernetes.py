from airflow.sdk import dag

from common.tasks import pod_task


@dag(schedule=None, catchup=False, tags=["examples", "smoke"])
def hello_kubernetes() -> None:
    """
    ### The smallest DAG: one pod that says hello

    Shows that Airflow can start a pod in a project's namespace and gets its log. The pod prints its user, its
    image's Python and which of the project's settings it was given (their names, never their values).
    Nothing else of the platform is needed; `platform_check` looks at the rest.
    """
    pod_task("hello", project="examples", image="pandas-basic", arguments=["hello"])


hello_kubernetes()
