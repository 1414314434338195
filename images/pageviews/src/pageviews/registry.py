"""MLflow: training runs, and the registered model's versions and aliases."""

import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

# Read when MLflow is imported: no pod calls home, a task's log must not contain links, and a model's files are
# not whatever uv finds in the working directory.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
os.environ.setdefault("MLFLOW_UV_AUTO_DETECT", "false")

import mlflow
import pandas as pd
import requests
import skops.io
from mlflow.entities import Experiment
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from pageviews.environment import require
from pageviews.errors import RegistryError
from pageviews.model import Estimator

PACKAGE = "pageviews"
CHALLENGER, CHAMPION, PREVIOUS = "challenger", "champion", "previous"

TRAINING_KEY = "training_key"
"""Tag of a run and a version: what went into it. The same training again finds what it made before."""

# Its hints are for notebooks; what fails is raised.
logging.getLogger("mlflow").setLevel(logging.ERROR)

_TRUSTED_TYPES = [
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils._bunch.Bunch",
]
_MODEL_FILE = "model.skops"


@dataclass(frozen=True)
class Version:
    """A version of the registered model, with what its training measured."""

    number: int
    run_id: str
    tags: Mapping[str, str]
    metrics: Mapping[str, float]


@contextmanager
def reached() -> Iterator[None]:
    """Turns MLflow's refusals inside the block into one sentence each."""
    address = _without_credentials(require("MLFLOW_TRACKING_URI"))
    try:
        with warnings.catch_warnings():
            # MLflow's hints are for its authors and for notebooks.
            warnings.simplefilter("ignore")
            yield
    except (MlflowException, requests.RequestException) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        reason = reason.replace(require("MLFLOW_TRACKING_URI").rstrip("/"), address.rstrip("/"))
        reason = re.sub(r"<[^<>]* object at 0x[0-9a-f]+>:? ?", "", reason)
        raise RegistryError(
            f"MLflow at {address} failed: {reason}; check MLFLOW_TRACKING_URI, "
            "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or run the same command again when it is back."
        ) from error


def model_name() -> str:
    """The registered model, and the experiment of its runs.

    Projects share the tracking server, and what one of its users has made is closed to the others: each has a
    model of its own.
    """
    user = os.environ.get("MLFLOW_TRACKING_USERNAME", "")
    return PACKAGE if user in ("", PACKAGE) else f"{user}-{PACKAGE}"


def aliases() -> dict[str, int]:
    """Which version each alias names; none when no model is registered yet."""
    # A search, because the server denies access to a missing model as to another project's.
    found = _client().search_registered_models(f"name = '{model_name()}'", max_results=1)
    return {alias: int(number) for model in found for alias, number in model.aliases.items()}


def version(number: int) -> Version:
    return _version(_client().get_model_version(model_name(), str(number)))


def find(training_key: str) -> Version | None:
    """The version that the same training made before."""
    found = _client().search_model_versions(
        f"name = '{model_name()}' and tags.`{TRAINING_KEY}` = '{training_key}'", max_results=1
    )
    return _version(found[0]) if found else None


def register(
    estimator: Estimator,
    example: pd.DataFrame,
    *,
    training_key: str,
    name: str,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
) -> Version:
    """Logs a training run with its model, and makes it a new version.

    A run that an earlier attempt with the same key left unfinished is taken up again.
    """
    client = _client()
    experiment = mlflow.set_experiment(model_name())
    begun = client.search_runs([experiment.experiment_id], f"tags.`{TRAINING_KEY}` = '{training_key}'", max_results=1)
    all_tags = {**tags, TRAINING_KEY: training_key}
    run_id = begun[0].info.run_id if begun else None
    with mlflow.start_run(run_id=run_id, run_name=name, tags=all_tags) as run:
        mlflow.log_params(dict(parameters))
        mlflow.log_metrics(dict(metrics))
        model_id = _logged_model(run.info.run_id, experiment.experiment_id)
        if model_id is None:
            model_id = _log_model(estimator, example)
    made = mlflow.register_model(f"models:/{model_id}", model_name(), tags=all_tags)
    return version(int(made.version))


def load(chosen: Version) -> Estimator:
    """The version's model; what it may contain is decided here and not by the stored file."""
    with TemporaryDirectory() as folder:
        local = mlflow.artifacts.download_artifacts(f"models:/{model_name()}/{chosen.number}", dst_path=folder)
        estimator: Estimator = skops.io.load(Path(local) / _MODEL_FILE, trusted=_TRUSTED_TYPES)
    return estimator


def set_alias(alias: str, number: int) -> None:
    _client().set_registered_model_alias(model_name(), alias, str(number))


def delete_alias(alias: str) -> None:
    _client().delete_registered_model_alias(model_name(), alias)


def tag(number: int, tags: Mapping[str, str]) -> None:
    for key, value in tags.items():
        _client().set_model_version_tag(model_name(), str(number), key, value)


@dataclass(frozen=True)
class Registered:
    """What the pipeline has in MLflow."""

    versions: int
    champion: int | None
    runs: int


def registered() -> Registered:
    """What the pipeline has in MLflow; zeros where it was never trained."""
    client = _client()
    experiment = _experiment()
    return Registered(
        versions=len(client.search_model_versions(f"name = '{model_name()}'")),
        champion=aliases().get(CHAMPION),
        runs=len(client.search_runs([experiment.experiment_id])) if experiment else 0,
    )


def remove() -> None:
    """Removes the registered model, its versions, the experiment with its runs, and their artifacts."""
    client = _client()
    if client.search_registered_models(f"name = '{model_name()}'"):
        client.delete_registered_model(model_name())
    experiment = _experiment()
    if experiment is None:
        return
    # Before the experiment: with it go the rights to its artifacts.
    get_artifact_repository(str(experiment.artifact_location)).delete_artifacts()  # type: ignore[no-untyped-call]
    # The server keeps a deleted experiment until `mlflow gc` runs: under another name, so that this one can be used.
    client.rename_experiment(experiment.experiment_id, f"{model_name()} removed as {experiment.experiment_id}")
    client.delete_experiment(experiment.experiment_id)


def _experiment() -> Experiment | None:
    found = _client().get_experiment_by_name(model_name())
    return found if found and found.lifecycle_stage == "active" else None


def _client() -> mlflow.MlflowClient:
    return mlflow.MlflowClient()


def _version(found: ModelVersion) -> Version:
    if found.run_id is None or TRAINING_KEY not in found.tags:
        raise RegistryError(
            f"Version {found.version} of {model_name()} was not made by pageviews train: set its alias to one that was."
        )
    metrics = _client().get_run(found.run_id).data.metrics
    return Version(int(found.version), found.run_id, dict(found.tags), dict(metrics))


def _logged_model(run_id: str, experiment_id: str) -> str | None:
    """The run's complete model; what an interrupted upload left is removed."""
    complete = None
    for found in _client().search_logged_models([experiment_id], f"source_run_id = '{run_id}'"):
        if found.status == "READY":
            complete = found.model_id
        else:
            _client().delete_logged_model(found.model_id)
    return complete


def _log_model(estimator: Estimator, example: pd.DataFrame) -> str:
    logged = mlflow.sklearn.log_model(
        estimator,
        name="model",
        signature=infer_signature(example, estimator.predict(example)),
        # Given, so that MLflow does not start a process to find them out.
        pip_requirements=[f"{package}=={installed(package)}" for package in ("scikit-learn", "pandas", "skops")],
        serialization_format="skops",
        skops_trusted_types=_TRUSTED_TYPES,
    )
    return str(logged.model_id)


def _without_credentials(uri: str) -> str:
    parts = urlsplit(uri)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
