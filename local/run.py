#!/usr/bin/env python3
"""
Runs a program on this machine with the connections of a project's pods.

The project's ConfigMap and Secret are read from the cluster, each Service that they name is forwarded to a port
of this machine, and the program gets the same variables with these addresses in them. `make airflow` and
`make notebook` call it; local/README.md says more.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cluster
import connections

TOP = Path(__file__).resolve().parents[1]
STATE = TOP / "local" / ".state"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return run(options)
    except cluster.LocalError as error:
        print(f"local: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(options: argparse.Namespace) -> int:
    """Prepares what the command needs, runs it until it ends, and returns its exit code."""
    with ExitStack() as stack:
        access = cluster.Access(options.context, STATE)
        platform = access.platform(options.namespace)
        chosen = _project(platform, options.project)
        given = access.environment(chosen)
        plan = connections.plan(given)
        for forward in plan.forwards:
            stack.enter_context(access.forwarded(forward))
        certificate = access.certificate(chosen, given.get("PGSSLROOTCERT", ""))
        project = connections.localized(given, plan, certificate, STATE / "data")
        for line in connections.described(project, plan):
            print(line, flush=True)
        command, settings = program(options, platform, {**project, "KUBECONFIG": str(access.kubeconfig)})
        return _until_it_ends(command, settings)


def _until_it_ends(command: list[str], settings: Mapping[str, str]) -> int:
    """Runs the command in the foreground; it decides itself how it ends, and the forwards stay until then."""
    with subprocess.Popen(command, env={**os.environ, **settings}) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal has sent it to the program as well.
                continue


def _project(platform: Mapping[str, Any], name: str) -> dict[str, Any]:
    if name not in platform["projects"]:
        raise cluster.LocalError(
            f"the platform has no project {name}, it has {', '.join(sorted(platform['projects'])) or 'none'}: "
            "name another --project"
        )
    project: dict[str, Any] = platform["projects"][name]
    return project


def program(
    options: argparse.Namespace, platform: Mapping[str, Any], settings: Mapping[str, str]
) -> tuple[list[str], Mapping[str, str]]:
    """The command to run, and its environment beyond this process's own."""
    if options.command == "run":
        return options.program, settings
    if options.command == "notebook":
        image = TOP / "images" / "papermill"
        lab = ["jupyter", "lab", f"--notebook-dir={image / 'notebooks'}", *options.arguments]
        return _locked(image, ["--group", "lab"], lab, settings)
    settings = {**settings, **airflow(STATE / "airflow", platform, options.port)}
    if options.compose:
        return compose(settings, options.arguments)
    return _locked(TOP / "local", [], ["airflow", *options.arguments], settings)


def _locked(
    project: Path, groups: list[str], program: list[str], settings: Mapping[str, str]
) -> tuple[list[str], Mapping[str, str]]:
    """The program in the environment that the project's uv.lock describes; uv makes it where it is missing."""
    uv = [str(TOP / "scripts" / "uv"), "run", "--quiet", "--frozen", "--project", str(project), *groups]
    return [*uv, *program], {**settings, "UV_PROJECT_ENVIRONMENT": str(TOP / ".venv" / project.name)}


def airflow(home: Path, platform: Mapping[str, Any], port: int) -> dict[str, str]:
    """Makes Airflow's home with platform.json in it, and returns the settings for the DAGs of this checkout."""
    (home / "platform").mkdir(parents=True, exist_ok=True)
    (home / "platform" / "platform.json").write_text(json.dumps(platform, indent=2), encoding="utf-8")
    bundles = [
        {
            "name": name,
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(folder)},
        }
        for name, folder in (("dags", TOP / "dags"), ("local", TOP / "local" / "dags"))
    ]
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        # A DAG that was saved is there in seconds.
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
        "PYTHONPATH": os.pathsep.join(str(TOP / path) for path in ("dags", "images/pandas-basic/src")),
    }


def compose(settings: Mapping[str, str], arguments: list[str]) -> tuple[list[str], Mapping[str, str]]:
    """The same in a container, whose settings a file of the user's own holds."""
    if not shutil.which("docker"):
        raise cluster.LocalError("docker is not on PATH: install it, or leave --compose out")
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    cluster.write_private(STATE / "container.env", lines)
    command = ["docker", "compose", "--file", str(TOP / "local" / "compose.yaml"), "run", "--build", "--rm", "airflow"]
    return [*command, *arguments], {"LOCAL_TOP": str(TOP), "LOCAL_USER": f"{os.getuid()}:{os.getgid()}"}


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="local/run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    root.add_argument("--context", help="the kubeconfig's context (default: the current one)")
    root.add_argument("--namespace", default="mlops", help="the platform's (default: %(default)s)")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("airflow", help="Airflow with the DAGs of this checkout")
    command.add_argument(
        "--project", default="examples", help="whose connections check_connections looks at (default: %(default)s)"
    )
    command.add_argument("--port", type=int, default=8080, help="of the web interface (default: %(default)s)")
    command.add_argument("--compose", action="store_true", help="in a container, by docker compose")
    command.add_argument(
        "arguments", nargs="*", default=["standalone"], help="of airflow, after -- (default: standalone)"
    )

    command = commands.add_parser("notebook", help="the notebooks in JupyterLab")
    command.add_argument(
        "--project", default="pageviews", help="whose connections the notebooks have (default: %(default)s)"
    )
    command.add_argument("arguments", nargs="*", default=[], help="of jupyter lab, after --")

    command = commands.add_parser("run", help="any program")
    command.add_argument("--project", required=True, help="whose connections it has")
    command.add_argument("program", nargs="+", metavar="PROGRAM", help="after --, with its arguments")
    return root


if __name__ == "__main__":
    raise SystemExit(main())
