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
        is_paused_upon_creation=pipeline.starts_by_itself,
        # Two concurrent trainings would compare themselves with the same champion, and both would replace it.
        max_active_runs=1,
        tags=pipeline.tags("mlflow", "training"),
    )
    def pageviews_train() -> None:
        """
        ### Trains the forecast every week and keeps the better model

        `validate` stops the run if the views are not fit for training: too few, too old, with gaps, or with
        impossible counts. Before the first predictions, it waits half an hour for the history that `pageviews_ingest`
        brings, and then skips the run. `train` registers a new version of the model with the alias `challenger`.
        `promote` compares it with `champion` and with "same day last week" on days that neither model has seen. It
        moves the alias only if the challenger is better. The replaced version keeps the alias `previous`.

        The DAG runs on a schedule and not on new data, because one more day of views changes the model little.
        **To restore the previous model**, trigger the DAG `pageviews_rollback`, which runs `pageviews rollback`.

        `make verify` starts `verify_pageviews_train`, a copy of this DAG that promotes any trained model.
        """
        articles = pipeline.article_arguments
        validate = pod_task(
            "validate",
            project=pipeline.project,
            image="pageviews",
            arguments=["validate", *articles, "--wait-minutes", str(pipeline.wait_minutes)],
            inlets=pipeline.assets(VIEWS),
            skip_on_exit_code=pipeline.skip_on_exit_code,
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
