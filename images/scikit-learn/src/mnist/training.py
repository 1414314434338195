"""Trains the classifier and logs it."""

import logging
import os
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import mlflow
import mlflow.sklearn
import numpy as np
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from mnist.dataset import Dataset, load
from mnist.errors import MnistError

EXPERIMENT = "mnist"

PARAMETERS: Mapping[str, Any] = {
    "hidden_layer_sizes": (128,),
    "alpha": 1e-4,
    "batch_size": 128,
    "learning_rate_init": 1e-3,
    "max_iter": 60,
    # The last tenth of the training images decides when to stop; the test images decide nothing.
    "early_stopping": True,
    "n_iter_no_change": 5,
}

TRUSTED_TYPES = ["sklearn.neural_network._stochastic_optimizers.AdamOptimizer"]
"""What skops does not know of a network: the state of its training, which is plain numbers."""


@dataclass(frozen=True)
class Result:
    """A trained classifier and how it does on the test images."""

    model: MLPClassifier
    seconds: float
    accuracy: float
    f1_macro: float
    confusion: NDArray[np.int64]


def train(run_name: str | None, seed: int) -> None:
    """Trains on the data set that is there; logs parameters, metrics, confusion matrix and model."""
    data = load(seed)
    print(f"{data.name}: {len(data.train_digits)} images to train on, {len(data.test_digits)} to test with")
    try:
        # Before the training: an unusable server must fail the task before it trains.
        _use_server()
        result = fit(data, seed)
        print(f"accuracy {result.accuracy:.4f} after {result.model.n_iter_} epochs, {result.seconds:.1f} s")
        run = _log(data, result, run_name, seed)
    except MlflowException as error:
        raise MnistError(f"MLflow returns an error or does not answer: {_first_line(error)}") from None
    print(f"logged as run {run} of the experiment {EXPERIMENT}")


def fit(data: Dataset, seed: int) -> Result:
    """Trains and tests the classifier; the same data and seed make the same one."""
    model = MLPClassifier(**PARAMETERS, random_state=seed)
    started = time.perf_counter()
    # BLAS would start a thread for each of the node's cores, whatever part of them the container may use.
    with threadpool_limits(1), warnings.catch_warnings():
        # max_iter is a bound on the time that a training may take, and its end no fault.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.train_pixels, data.train_digits)
    seconds = time.perf_counter() - started
    predicted = model.predict(data.test_pixels)
    return Result(
        model=model,
        seconds=seconds,
        accuracy=float(accuracy_score(data.test_digits, predicted)),
        f1_macro=float(f1_score(data.test_digits, predicted, average="macro")),
        confusion=confusion_matrix(data.test_digits, predicted),
    )


def _use_server() -> None:
    server = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not server:
        raise MnistError(
            "MLFLOW_TRACKING_URI is not set: it is the tracking server, for example "
            "http://mlflow.mlops.svc:5000, and comes from the project's ConfigMap"
        )
    # MLflow's own seven tries take minutes; Airflow tries the task again.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(server)
    mlflow.set_experiment(EXPERIMENT)


def _log(data: Dataset, result: Result, run_name: str | None, seed: int) -> str:
    """Logs everything in one run and returns its id."""
    with mlflow.start_run(run_name=run_name, tags={"dataset": data.name}) as run:
        mlflow.log_params({**PARAMETERS, "seed": seed, "train_images": len(data.train_digits)})
        mlflow.log_metrics(
            {
                "accuracy": result.accuracy,
                "f1_macro": result.f1_macro,
                "train_seconds": result.seconds,
                "epochs": result.model.n_iter_,
            }
        )
        for epoch, (loss, accuracy) in enumerate(
            zip(result.model.loss_curve_, result.model.validation_scores_, strict=True), start=1
        ):
            mlflow.log_metrics({"loss": loss, "validation_accuracy": float(accuracy)}, step=epoch)
        mlflow.log_dict(
            {"rows": "digit shown", "columns": "digit predicted", "counts": result.confusion.tolist()},
            "confusion_matrix.json",
        )
        example = data.test_pixels[:2]
        mlflow.sklearn.log_model(
            result.model,
            name="model",
            signature=infer_signature(example, result.model.predict(example)),
            # Given, because MLflow would find them by loading the model in a process of its own.
            pip_requirements=[
                f"{package}=={version(package)}" for package in ("numpy", "scikit-learn", "skops")
            ],
            skops_trusted_types=TRUSTED_TYPES,
        )
    run_id: str = run.info.run_id
    return run_id


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0]
