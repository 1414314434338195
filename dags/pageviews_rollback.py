from airflow.sdk import dag

from common.pageviews import CHAMPION, PROJECT
from common.tasks import pod_task


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["pageviews", "mlflow", "operations"])
def pageviews_rollback() -> None:
    """
    ### Makes the model before the champion the champion again

    Runs `pageviews rollback`, for a champion that turns out to be worse than its holdout promised. The version
    that `previous` names gets the alias `champion`; the one that it replaces is never promoted again.
    `pageviews_predict` follows by itself.
    """
    pod_task("rollback", project=PROJECT, image="pageviews", arguments=["rollback"], outlets=[CHAMPION])


pageviews_rollback()
