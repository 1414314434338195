"""Loads the DAGs as Airflow does, from a platform.json of the test's own; no database, cluster or network."""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Airflow reads its home when it is first imported.
AIRFLOW_HOME = Path(tempfile.mkdtemp(prefix="airflow-"))
atexit.register(shutil.rmtree, AIRFLOW_HOME, ignore_errors=True)
os.environ["AIRFLOW_HOME"] = str(AIRFLOW_HOME)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

import pytest  # noqa: E402
from airflow.dag_processing.dagbag import DagBag  # noqa: E402
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator  # noqa: E402

from common.platform import platform  # noqa: E402

DAGS = Path(__file__).parents[2] / "dags"

Json = dict[str, Any]

POSTGRES_CA = {
    "name": "postgres-ca",
    "configMap": "postgres-ca",
    "mountPath": "/etc/postgres-ca",
    "readOnly": True,
}
DATA = {"name": "data", "claim": "data", "mountPath": "/data", "readOnly": False}
DAG_FILES = {"name": "dags", "claim": "dags", "mountPath": "/dags", "readOnly": True}


def project(name: str, *volumes: Json) -> Json:
    return {
        "namespace": name,
        "serviceAccount": f"{name}-tasks",
        "configMap": f"{name}-settings",
        "secret": f"{name}-secrets",
        "resources": {
            "requests": {"cpu": "100m", "memory": "256Mi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
        },
        "volumes": [dict(volume) for volume in volumes],
    }


def platform_json(*volumes: Json) -> Json:
    """A platform with the two projects of the checked-in stacks, whose pods mount these volumes."""
    images = ("pageviews", "pandas-basic", "geopandas", "scikit-learn", "papermill")
    return {
        "version": 1,
        "namespace": "mlops",
        "images": {name: f"registry.example.org/mlops/{name}:0.1.0" for name in images},
        "imagePullPolicy": "IfNotPresent",
        "imagePullSecrets": ["registry-key"],
        "projects": {name: project(name, *volumes) for name in ("examples", "pageviews")},
    }


def write_platform(content: Json) -> None:
    file = AIRFLOW_HOME / "platform" / "platform.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    platform.cache_clear()


@pytest.fixture
def use_platform() -> Iterator[Callable[[Json], None]]:
    """Makes a platform.json the one that DAGs read, until the test ends."""
    yield write_platform
    write_platform(platform_json())


@pytest.fixture
def load_dags(use_platform: Callable[[Json], None]) -> Callable[[Json], DagBag]:
    """Loads all DAGs on the platform given."""

    def load(content: Json) -> DagBag:
        use_platform(content)
        return DagBag(DAGS)

    return load


def task_of(bag: DagBag, dag_id: str, task_id: str) -> KubernetesPodOperator:
    task = bag.dags[dag_id].get_task(task_id)
    assert isinstance(task, KubernetesPodOperator)
    return task


def tasks_of(bag: DagBag) -> dict[str, KubernetesPodOperator]:
    """All tasks, by `dag.task`; a task that starts no pod is a failure."""
    return {
        f"{dag.dag_id}.{task.task_id}": task_of(bag, dag.dag_id, task.task_id)
        for dag in bag.dags.values()
        for task in dag.tasks
    }


@pytest.fixture(scope="session")
def dag_bag() -> DagBag:
    """All DAGs, on a platform whose projects mount every kind of volume."""
    write_platform(platform_json(POSTGRES_CA, DATA, DAG_FILES))
    bag = DagBag(DAGS)
    write_platform(platform_json())
    return bag


write_platform(platform_json())
