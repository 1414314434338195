from datetime import UTC, datetime, timedelta

from airflow.sdk import dag

from common.pageviews import CHAMPION, VIEWS, Pipeline, pipelines
from common.tasks import pod_task


def make(pipeline: Pipeline) -> None:
    @dag(
        dag_id=pipeline.dag_id("pageviews_train"),
        schedule=None if pipeline.is_trial else "0 7 * * MON",
        start_date=datetime(2015, 7, 1, tzinfo=UTC),
        catchup=False,
        # Two trainings at once would compare themselves with the same champion and both replace it.
        max_active_runs=1,
        tags=pipeline.tags("mlflow", "training"),
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

        `verify_pageviews_train` is the same for `make verify`, and promotes whatever it has trained.
        """
        articles = ["--articles", *pipeline.articles]
        validate = pod_task(
            "validate",
            project=pipeline.project,
            image="pageviews",
            arguments=["validate", *articles],
            inlets=pipeline.assets(VIEWS),
        )
        train = pod_task(
            "train",
            project=pipeline.project,
            image="pageviews",
            arguments=["train", *articles],
            requests={"cpu": "500m", "memory": "512Mi"},
            limits={"cpu": "2", "memory": "2Gi"},
            timeout=timedelta(hours=2),
        )
        promote = pod_task(
            "promote",
            project=pipeline.project,
            image="pageviews",
            arguments=["promote", *pipeline.promote],
            outlets=pipeline.assets(CHAMPION),
        )
        validate >> train >> promote

    pageviews_train()


for each in pipelines():
    make(each)
