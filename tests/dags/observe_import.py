"""
What a DAG file does when it is imported, beyond importing Airflow and the Kubernetes provider.

Every DAG file is imported in a process of its own, forked after Airflow was loaded, as Airflow's DAG processor
does it. `python tests/dags/observe_import.py FOLDER` prints as JSON for each file of the folder what was read,
loaded, connected to and started meanwhile. AIRFLOW_HOME names the folder with platform/platform.json.
bench.py measures how long it takes, without what watches here.
"""

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

Observation = dict[str, Any]

STARTS_A_PROCESS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")


def observe(file: Path, folder: Path) -> Observation:
    """Imports the file and returns what happened. Leaves hooks in the interpreter: for a process of its own."""
    found: dict[str, set[str]] = {key: set() for key in ("environment", "files", "network", "processes")}
    _watch_environment(folder, found["environment"].add)
    watching = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not watching:
            return
        if event.startswith("socket."):
            found["network"].add(event)
        elif event in STARTS_A_PROCESS:
            found["processes"].add(event)
        elif event == "open" and isinstance(arguments[0], str) and not _is_code(arguments[0]):
            found["files"].add(arguments[0])

    sys.addaudithook(hook)
    before = set(sys.modules)
    error = None
    try:
        import_file(file)
    except Exception as raised:
        error = repr(raised)
    watching = False
    packages = {name.partition(".")[0] for name in set(sys.modules) - before}
    own = {path.stem for path in folder.iterdir()}
    return {
        "error": error,
        "packages": sorted(packages - own - set(sys.stdlib_module_names)),
        **{key: sorted(values) for key, values in found.items()},
    }


def import_file(file: Path) -> None:
    """Runs the file as a module of a name that no other has, as Airflow does."""
    spec = importlib.util.spec_from_file_location(f"observed_{file.stem}", file)
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _is_code(path: str) -> bool:
    return path.endswith((".py", ".pyc")) or ".pyc." in path


def _watch_environment(folder: Path, add: Callable[[str], None]) -> None:
    """Reports reads of environment variables that code in the folder makes itself; Airflow's own are its business."""
    environment: Any = type(os.environ)
    get, iterate = environment.__getitem__, environment.__iter__

    def observed_get(self: Any, key: str) -> str:
        if _caller_is_in(folder):
            add(key)
        return str(get(self, key))

    def observed_iterate(self: Any) -> Any:
        if _caller_is_in(folder):
            add("*")
        return iterate(self)

    environment.__getitem__, environment.__iter__ = observed_get, observed_iterate


def _caller_is_in(folder: Path) -> bool:
    """Whether the nearest caller outside os and the mapping classes that it inherits from is in the folder."""
    frame: FrameType | None = sys._getframe(2)
    while frame and Path(frame.f_code.co_filename).name in (
        "os.py",
        "<frozen os>",
        "<frozen _collections_abc>",
    ):
        frame = frame.f_back
    return frame is not None and Path(frame.f_code.co_filename).is_relative_to(folder)


def in_child(work: Callable[[], Observation]) -> Observation:
    """The result of ``work`` in a forked process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as output:
            output.write(json.dumps(work()))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as content:
        observation: Observation = json.loads(content.read())
    os.waitpid(child, 0)
    return observation


def load_airflow() -> None:
    """Loads what any DAG with a pod loads: much of Airflow comes with the first DAG only."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
    from airflow.sdk import DAG, Asset, Param, dag  # noqa: F401

    with DAG("observed", schedule="@daily", params={"one": Param("")}):
        KubernetesPodOperator(task_id="one", image="none", outlets=[Asset("one")])


def main() -> None:
    parser = argparse.ArgumentParser(description="What each DAG file of a folder does when it is imported, as JSON.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder.resolve()
    load_airflow()
    sys.path.insert(0, str(folder))
    observed = {file.name: in_child(partial(observe, file, folder)) for file in sorted(folder.glob("*.py"))}
    print(json.dumps(observed, indent=2))


if __name__ == "__main__":
    main()
