"""Importing a DAG file reads platform.json and loads nothing but the helper package."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import AIRFLOW_HOME
from sample import DAGS

Observation = dict[str, Any]


def observe(folder: Path) -> dict[str, Observation]:
    script = Path(__file__).with_name("observe_import.py")
    done = subprocess.run(
        [sys.executable, script, folder],
        env={**os.environ, "AIRFLOW_HOME": str(AIRFLOW_HOME)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    observed: dict[str, Observation] = json.loads(done.stdout)
    return observed


def test_a_dag_file_only_reads_the_platforms_description() -> None:
    observed = observe(DAGS)
    assert observed.keys() == {file.name for file in DAGS.glob("*.py")}
    for name, what in observed.items():
        assert what == {
            "error": None,
            "packages": [],
            "environment": [],
            "files": [str(AIRFLOW_HOME / "platform" / "platform.json")],
            "network": [],
            "processes": [],
        }, name


BAD_FILES = {
    "reads_the_environment.py": ("import os\nos.getenv('HOME')", "environment", "HOME"),
    "reads_all_of_the_environment.py": ("import os\ndict(os.environ)", "environment", "*"),
    "reads_a_file.py": (
        "from pathlib import Path\nPath('/etc/hostname').read_text()",
        "files",
        "/etc/hostname",
    ),
    "looks_up_a_name.py": (
        "import socket\nsocket.getaddrinfo('localhost', 80)",
        "network",
        "socket.getaddrinfo",
    ),
    "starts_a_process.py": ("import os\nos.system('true')", "processes", "os.system"),
    "loads_a_package.py": ("import s3fs", "packages", "s3fs"),
    "fails.py": ("raise ValueError('no')", "error", "ValueError('no')"),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Observation]:
    folder = tmp_path_factory.mktemp("bad-dags")
    for name, (code, _, _) in BAD_FILES.items():
        (folder / name).write_text(code, encoding="utf-8")
    return observe(folder)


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_a_dag_file_must_not_do_is_seen(bad: dict[str, Observation], name: str) -> None:
    _, key, expected = BAD_FILES[name]
    assert expected in bad[name][key]
