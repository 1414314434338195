from airflow.sdk import dag

from common.dates import run_day
from common.pageviews import PREDICTIONS, PROJECT
from common.tasks import NOT_YET, pod_task


@dag(
    schedule=[PREDICTIONS],
    catchup=False,
    is_paused_upon_creation=True,
    max_active_runs=1,
    tags=["pageviews", "notebook", "report"],
)
def papermill_report() -> None:
    """
    ### A report about the pageviews, from a notebook

    Runs `images/papermill/notebooks/pageviews.ipynb` after each prediction and stores the executed notebook and
    an HTML page as `DATA_URI/reports/pageviews/<day>.ipynb` and `.html`. A repeated run of a day replaces them.
    It shows the articles of the newest predictions. Before `pageviews_ingest` has stored views, it is skipped.
    You can open the same notebook in JupyterLab (`local/README.md`).
    """
    pod_task(
        "report",
        project=PROJECT,
        image="papermill",
        arguments=[
            "run",
            "pageviews.ipynb",
            "--name",
            f"pageviews/{run_day()}",
            "--parameter",
            f"end={run_day(-1)}",
        ],
        requests={"memory": "512Mi"},
        limits={"memory": "1Gi"},
        skip_on_exit_code=NOT_YET,
    )


papermill_report()
