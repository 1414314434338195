"""The DAGs of `make airflow` alone, in local/dags."""

from collections.abc import Callable
from typing import Any

from airflow.dag_processing.dagbag import DagBag

from sample import DAGS, platform_json


def test_the_dag_that_checks_the_connections_is_imported(use_platform: Callable[[dict[str, Any]], None]) -> None:
    use_platform(platform_json())
    bag = DagBag(DAGS.parent / "local" / "dags")
    assert bag.import_errors == {}
    [dag] = bag.dags.values()
    assert {task.task_id for task in dag.tasks} == {"kubernetes", "postgres", "mlflow", "data"}
