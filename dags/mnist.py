from datetime import timedelta

from airflow.sdk import Param, dag

from common.tasks import pod_task


@dag(
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,
    tags=["examples", "mlflow", "training"],
    params={
        "seed_from": Param(
            "",
            type="string",
            title="Where to copy the data set from",
            description="A folder or a URL with MNIST's four files, needed once; empty: use what is there.",
        )
    },
)
def mnist() -> None:
    """
    ### Trains a classifier of handwritten digits and logs it to MLflow

    `seed` copies MNIST's four files to `DATA_URI/mnist` unless they exist there. Set the source with the
    parameter `seed_from`, for example `https://storage.googleapis.com/cvdf-datasets/mnist`.

    `train` trains on these files or, without them, on the 1,797 small digits of scikit-learn. The run's tag
    `dataset` shows which. The MLflow experiment `mnist` contains the parameters, the accuracy, the confusion
    matrix and the model.
    """
    seed = pod_task(
        "seed",
        project="examples",
        image="scikit-learn",
        arguments=["seed", "--from", "{{ params.seed_from }}"],
    )
    train = pod_task(
        "train",
        project="examples",
        image="scikit-learn",
        arguments=["train", "--run-name", "{{ run_id }}"],
        requests={"cpu": "500m", "memory": "1Gi"},
        limits={"cpu": "2", "memory": "2Gi"},
        timeout=timedelta(hours=2),
    )
    seed >> train


mnist()
