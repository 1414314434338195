"""The examples in the helper package's docstrings and in the documentation work in every kind of run."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.sdk.execution_time import macros

import common.dates
import common.tasks
from sample import DAGS

TOP = DAGS.parent

RUN_AFTER = datetime(2026, 11, 21, 6, tzinfo=UTC)

OWN_DAYS = re.compile(
    r"\{\{[^}]*\b(ds|ds_nodash|ts|ts_nodash|logical_date|execution_date|data_interval_(start|end)|(prev|next)_\w+)\b"
)
"""Template variables that a run without a logical date does not have; `| ds` is a filter, which every run has."""


def examples() -> Iterator[tuple[str, str]]:
    """The indented blocks of every docstring of dags/common, by where they are."""
    for file in sorted((DAGS / "common").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                continue
            docstring = inspect.cleandoc(ast.get_docstring(node) or "")
            for number, block in enumerate(re.findall(r"(?m)^\n((?: {4,}.*\n?)+)", docstring)):
                yield f"{file.name}:{getattr(node, 'name', 'module')}:{number}", textwrap.dedent(block)


EXAMPLES = list(examples())


def run_without_logical_date() -> Any:
    """What templates have in a run that an asset or a person starts."""
    run = SimpleNamespace(run_after=RUN_AFTER, run_id="manual__1", logical_date=None)
    return {"dag_run": run, "run_id": run.run_id, "macros": macros, "params": {}}


def rendered(code: str) -> list[list[str]]:
    """The arguments of the tasks that the code makes."""
    with DAG("example", schedule=None) as dag:
        exec(code, {**vars(common.tasks), **vars(common.dates)})
    tasks = [task for task in dag.tasks if isinstance(task, KubernetesPodOperator)]
    return [
        [str(one) for one in task.render_template(task.arguments, run_without_logical_date(), dag.get_template_env())]
        for task in tasks
    ]


def test_there_are_examples() -> None:
    assert [place for place, _ in EXAMPLES] == ["tasks.py:pod_task:0"]


@pytest.mark.parametrize(("place", "code"), EXAMPLES)
def test_an_example_renders_in_a_run_without_a_logical_date(place: str, code: str) -> None:
    assert rendered(code) == [["train", "--run-name", "2026-11-21"]]


def test_a_logical_date_is_noticed() -> None:
    with pytest.raises(Exception, match="'ds' is undefined"):
        rendered('pod_task("train", project="examples", image="scikit-learn", arguments=["--date", "{{ ds }}"])')


def test_nothing_that_people_copy_uses_the_logical_date() -> None:
    folders = ("dags", "docs", "examples", "images", "local")
    files = [
        TOP / "README.md",
        TOP / "CONTRIBUTING.md",
        *(path for name in folders for path in (TOP / name).rglob("*")),
    ]
    found = [
        f"{path.relative_to(TOP)}: {match[0]}"
        for path in files
        if path.suffix in (".md", ".py", ".ipynb") and ".venv" not in path.parts and "node_modules" not in path.parts
        for match in [OWN_DAYS.search(without_ds_filter(path))]
        if match
    ]
    assert found == []


def without_ds_filter(path: Path) -> str:
    return re.sub(r"\|\s*ds\b", "", path.read_text(encoding="utf-8"))
