from airflow.sdk import dag

from common.dates import run_day
from common.pageviews import ARTICLES, CHAMPION, PREDICTIONS, PROJECT, VIEWS
from common.tasks import pod_task


@dag(
    # Either is enough: new views each day, or a new champion.
    schedule=VIEWS | CHAMPION,
    catchup=False,
    max_active_runs=1,
    tags=["pageviews", "mlflow", "prediction"],
)
def pageviews_predict() -> None:
    """
    ### Predicts the coming week's views with the champion

    Starts when `pageviews_ingest` has brought new views or `pageviews_train` a new champion. The predictions go
    to Postgres, each row with the version of the model that made it; a repeated run replaces its own rows.
    Until `pageviews_train` has promoted a first model it fails, and says so.
    """
    pod_task(
        "predict",
        project=PROJECT,
        image="pageviews",
        arguments=["predict", "--articles", *ARTICLES, "--date", run_day()],
        outlets=[PREDICTIONS],
    )


pageviews_predict()
