"""Loads the DAGs as Airflow does, from a platform.json of the test's own; no database, cluster or network."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# Airflow reads its home when it is first imported.
AIRFLOW_HOME = Path(tempfile.mkdtemp(prefix="airflow-"))
atexit.register(shutil.rmtree, AIRFLOW_HOME, ignore_errors=True)
os.environ["AIRFLOW_HOME"] = str(AIRFLOW_HOME)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

import pytest  # noqa: E402
from airflow.dag_processing.dagbag import DagBag  # noqa: E402
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator  # noqa: E402

from common.platform import platform  # noqa: E402
from sample import DAG_FILES, DAGS, DATA, POSTGRES_CA, Json, platform_json, write  # noqa: E402


def write_platform(content: Json) -> None:
    write(AIRFLOW_HOME, content)
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
