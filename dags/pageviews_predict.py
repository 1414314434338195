from airflow.sdk import dag

from common.dates import run_day
from common.pageviews import CHAMPION, PREDICTIONS, VIEWS, Pipeline, pipelines
from common.tasks import pod_task


def make(pipeline: Pipeline) -> None:
    @dag(
        dag_id=pipeline.dag_id("pageviews_predict"),
        # Either starts a run: the new views of each day, or a new champion.
        schedule=None if pipeline.is_trial else VIEWS | CHAMPION,
        catchup=False,
        is_paused_upon_creation=pipeline.starts_by_itself,
        max_active_runs=1,
        tags=pipeline.tags("mlflow", "prediction"),
    )
    def pageviews_predict() -> None:
        """
        ### Predicts the coming week's views with the champion

        Starts when `pageviews_ingest` stores new views or `pageviews_train` promotes a new champion. It writes the
        predictions to Postgres, each row with the model's version. A repeated run replaces its own rows. Until
        `pageviews_train` has promoted a first model, the run is skipped, and its log says so.

        `make verify` starts `verify_pageviews_predict`, a copy of this DAG.
        """
        pod_task(
            "predict",
            project=pipeline.project,
            image="pageviews",
            arguments=["predict", *pipeline.article_arguments, "--date", run_day()],
            outlets=pipeline.assets(PREDICTIONS),
            skip_on_exit_code=pipeline.skip_on_exit_code,
        )

    pageviews_predict()


for each in pipelines():
    make(each)
