from airflow.sdk import dag

from common.pageviews import CHAMPION, PROJECT
from common.tasks import pod_task


@dag(
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["pageviews", "mlflow", "operations"],
)
def pageviews_rollback() -> None:
    """
    ### Restores the previous champion

    Runs `pageviews rollback`. Use it if the champion turns out to be worse than its holdout error promised. The
    version with the alias `previous` gets the alias `champion`, and the version that it replaces is never
    promoted again. `pageviews_predict` then runs automatically.
    """
    pod_task("rollback", project=PROJECT, image="pageviews", arguments=["rollback"], outlets=[CHAMPION])


pageviews_rollback()
