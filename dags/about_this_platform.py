from airflow.sdk import dag

from common.platform import platform
from common.tasks import pod_task


@dag(schedule=None, catchup=False, is_paused_upon_creation=False, tags=["platform", "start"])
def about_this_platform() -> None:
    """
    ### Start here

    Every task of this Airflow is a pod of one image, in the namespace of its project. Trigger this DAG to see one: the
    pod connects to Postgres, MLflow and object storage, and prints what it reached.

    **1. Try an example.** These need nothing but the platform, and run when you trigger them:

    | DAG | what it shows |
    | --- | --- |
    | `hello_kubernetes` | the smallest DAG: a pod and its log |
    | `database_roundtrip` | a table, written and read back by two pods |
    | `mnist` | a training, with its metrics and model in MLflow |
    | `platform_check` | whether a pod of each project reaches everything |

    **2. Run the pipeline.** `make first-run` shows it from page views to predictions, and tells where to look then.
    It switches on `pageviews_ingest`, `pageviews_train`, `pageviews_predict` and `papermill_report`. They are off until
    then because they ask Wikimedia by themselves, in your name. You can also switch them on here, in any order: each
    waits for the one before.

    **3. Write your own.** `docs/adding.md` shows how to add a project, a DAG and an image. `make airflow` runs the DAGs
    of your checkout with the cluster's connections.

    `make open` lists the other web UIs with their logins. The DAGs `verify_…` belong to `make verify`.
    """
    # Of any project: a stack names its own.
    for project in sorted(platform().projects)[:1]:
        pod_task("first_pod", project=project, image="pandas-basic", arguments=["check"])


about_this_platform()
