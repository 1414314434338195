from airflow.sdk import dag

from common.dates import run_day
from common.pageviews import CHAMPION, PREDICTIONS, VIEWS, Pipeline, pipelines
from common.tasks import pod_task


def make(pipeline: Pipeline) -> None:
    @dag(
        dag_id=pipeline.dag_id("pageviews_predict"),
        # Either is enough: new views each day, or a new champion.
        schedule=None if pipeline.is_trial else VIEWS | CHAMPION,
        catchup=False,
        max_active_runs=1,
        tags=pipeline.tags("mlflow", "prediction"),
    )
    def pageviews_predict() -> None:
        """
        ### Predicts the coming week's views with the champion

        Starts when `pageviews_ingest` has brought new views or `pageviews_train` a new champion. The predictions go
        to Postgres, each row with the version of the model that made it; a repeated run replaces its own rows.
        Until `pageviews_train` has promoted a first model it fails, and says so.

        `verify_pageviews_predict` is the same for `make verify`, which starts it.
        """
        pod_task(
            "predict",
            project=pipeline.project,
            image="pageviews",
            arguments=["predict", "--articles", *pipeline.articles, "--date", run_day()],
            outlets=pipeline.assets(PREDICTIONS),
        )

    pageviews_predict()


for each in pipelines():
    make(each)
