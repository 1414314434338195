from datetime import UTC, datetime, timedelta

from airflow.sdk import dag

from common.pageviews import ARTICLES, CHAMPION, PROJECT, VIEWS
from common.tasks import pod_task


@dag(
    schedule="0 7 * * MON",
    start_date=datetime(2015, 7, 1, tzinfo=UTC),
    catchup=False,
    # Two trainings at once would compare themselves with the same champion and both replace it.
    max_active_runs=1,
    tags=["pageviews", "mlflow", "training"],
)
def pageviews_train() -> None:
    """
    ### Trains the forecast every week and keeps the better model

    `validate` stops the run when the views are not fit to learn from: too few or too old, with gaps, or with
    counts that cannot be. `train` registers a new version of the model under the alias `challenger`. `promote`
    compares it with `champion` and with "same day last week" on the same days, which neither model has seen, and
    moves the alias only when the challenger is better; the version that it replaces stays as `previous`.

    It runs by the calendar and not by the data: the views change every day, and a day more teaches little.
    **Back to the model before**: trigger the DAG `pageviews_rollback`, which runs `pageviews rollback`.
    """
    articles = ["--articles", *ARTICLES]
    validate = pod_task(
        "validate", project=PROJECT, image="pageviews", arguments=["validate", *articles], inlets=[VIEWS]
    )
    train = pod_task(
        "train",
        project=PROJECT,
        image="pageviews",
        arguments=["train", *articles],
        requests={"cpu": "500m", "memory": "512Mi"},
        limits={"cpu": "2", "memory": "2Gi"},
        timeout=timedelta(hours=2),
    )
    promote = pod_task("promote", project=PROJECT, image="pageviews", arguments=["promote"], outlets=[CHAMPION])
    validate >> train >> promote


pageviews_train()
