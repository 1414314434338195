from datetime import UTC, datetime, timedelta

from airflow.sdk import Param, dag

from common.dates import run_day
from common.pageviews import DAYS_AGAIN, VIEWS, Pipeline, pipelines
from common.tasks import pod_task

FIRST_DAY = datetime(2015, 7, 1, tzinfo=UTC)
"""The first day for which Wikimedia has counts."""


def make(pipeline: Pipeline) -> None:
    @dag(
        dag_id=pipeline.dag_id("pageviews_ingest"),
        schedule=None if pipeline.is_trial else "0 6 * * *",
        # Airflow starts no earlier run, not even in a backfill: the first run requests the first days.
        start_date=FIRST_DAY + timedelta(days=DAYS_AGAIN),
        catchup=False,
        is_paused_upon_creation=pipeline.starts_by_itself,
        tags=pipeline.tags("ingest"),
        params={
            "start": Param(
                None, type=["null", "string"], format="date", description="First day; empty: the run's own."
            ),
            "end": Param(None, type=["null", "string"], format="date", description="Last day; empty: the run's own."),
        },
    )
    def pageviews_ingest() -> None:
        """
        ### Daily views of the articles, from Wikimedia into Postgres

        Each run asks for the three days before its own and writes them over what is there: no row is doubled, and a
        day that Wikimedia did not have yet comes with a later run. It also asks for what is missing of the last two
        years, at most a year in a request: the first run brings the history that `pageviews_train` needs, and gaps
        close by themselves.

        **The first time**: `make first-run`, or switch `pageviews_ingest`, `pageviews_train`, `pageviews_predict` and
        `papermill_report` on; each waits for the one before. **Earlier days**: trigger a run with `start` and `end`, or
        `airflow backfill create --dag-id pageviews_ingest --from-date … --to-date …`, which makes a run for each day;
        end it two days after the gap. One pod at a time asks Wikimedia, backfills included.

        **Other articles**: `ARTICLES` in `dags/common/pageviews.py`. The task fails for a title that no article has.

        `verify_pageviews_ingest` asks for 420 days of one article, for `make verify`.
        """
        pod_task(
            "ingest",
            project=pipeline.project,
            image="pageviews",
            arguments=[
                "ingest",
                *pipeline.article_arguments,
                "--start",
                run_day(-DAYS_AGAIN, param="start"),
                "--end",
                run_day(-1, param="end"),
                "--history-days",
                str(pipeline.history_days),
            ],
            timeout=timedelta(hours=2),
            # Wikimedia allows three requests at once. The client enforces the limit only within its pod.
            max_active_tis_per_dag=1,
            outlets=pipeline.assets(VIEWS),
        )

    pageviews_ingest()


for each in pipelines():
    make(each)
