"""Training, and what MLflow's own server has of it afterwards."""

from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow.tracking import MlflowClient

from mnist.cli import main
from mnist.dataset import load
from mnist.training import fit


@pytest.fixture
def settings(environment: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    return environment


def test_a_run_has_parameters_metrics_and_a_model_that_predicts(
    settings: pytest.MonkeyPatch, tracking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("MLFLOW_TRACKING_URI", tracking)
    assert main(["train", "--run-name", "first"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("logged as run ") and last.endswith(" of the experiment mnist")

    run = MlflowClient(tracking).get_run(last.split()[3])
    assert run.info.run_name == "first"
    assert run.data.tags["dataset"] == "scikit-learn-digits"
    assert (run.data.params["seed"], run.data.params["train_images"]) == ("0", "1347")
    assert run.data.metrics["accuracy"] > 0.94
    assert run.data.metrics["f1_macro"] > 0.94
    losses = MlflowClient(tracking).get_metric_history(run.info.run_id, "loss")
    assert len(losses) == run.data.metrics["epochs"]

    confusion = mlflow.artifacts.load_dict(f"runs:/{run.info.run_id}/confusion_matrix.json")
    assert np.sum(confusion["counts"]) == 450
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    data = load(seed=0)
    assert np.mean(model.predict(data.test_pixels) == data.test_digits) == run.data.metrics["accuracy"]


def test_the_same_seed_makes_the_same_classifier(settings: pytest.MonkeyPatch) -> None:
    first, second = (fit(load(seed=3), seed=3) for _ in range(2))
    assert first.accuracy == second.accuracy
    assert np.array_equal(first.confusion, second.confusion)


def test_a_server_that_is_not_there(settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    settings.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    settings.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    assert main(["train"]) == 1
    output = capsys.readouterr()
    assert output.err.startswith("mnist train: MLflow returns an error or does not answer: ")
    assert output.err.count("\n") == 1
    # It asks the server first.
    assert "accuracy" not in output.out


def test_no_server_says_where_it_comes_from(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train"]) == 1
    assert capsys.readouterr().err.startswith(
        "mnist train: MLFLOW_TRACKING_URI is not set: it is the tracking server"
    )
