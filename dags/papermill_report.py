from airflow.sdk import dag

from common.dates import run_day
from common.pageviews import ARTICLES, PREDICTIONS, PROJECT
from common.tasks import pod_task


@dag(schedule=[PREDICTIONS], catchup=False, max_active_runs=1, tags=["pageviews", "notebook", "report"])
def papermill_report() -> None:
    """
    ### A report about the pageviews, from a notebook

    Runs `images/papermill/notebooks/pageviews.ipynb` after each prediction and stores the executed notebook and
    an HTML page as `DATA_URI/reports/pageviews/<day>.ipynb` and `.html`. A repeated run of a day replaces them.
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
            f"articles={' '.join(ARTICLES)}",
            "--parameter",
            f"end={run_day(-1)}",
        ],
        requests={"memory": "512Mi"},
        limits={"memory": "1Gi"},
    )


papermill_report()
