"""local/run.py: a project's settings on this machine. kubectl is a stand-in, which forwards to nowhere but listens."""

import base64
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag

import cluster
import connections
import run
from sample import platform_json

IN_PODS = {
    "PGHOST": "postgres.mlops.svc",
    "PGPORT": "5432",
    "PGSSLMODE": "verify-full",
    "PGSSLROOTCERT": "/etc/postgres-ca/ca.crt",
    "MLFLOW_TRACKING_URI": "http://mlflow.mlops.svc:5000",
    "AWS_ENDPOINT_URL_S3": "http://minio.mlops.svc.cluster.local:9000",
    "DATA_URI": "s3://projects/examples",
}

PLATFORM = {
    "version": 1,
    "projects": {
        "examples": {
            "namespace": "examples",
            "configMap": "examples",
            "secret": "examples",
            "volumes": [{"name": "postgres-ca", "configMap": "postgres-ca", "mountPath": "/etc/postgres-ca"}],
        },
        "bare": {"namespace": "bare", "configMap": "bare", "secret": "bare", "volumes": []},
    },
}

KUBECTL = """#!{python}
import json, signal, socket, sys
arguments = [a for a in sys.argv[1:] if not a.startswith("--kubeconfig") and not a.endswith("/kubeconfig")]
with open("{folder}/calls", "a") as calls:
    print(json.dumps(arguments), file=calls)
objects = json.load(open("{folder}/objects.json"))
if arguments[:2] == ["config", "view"]:
    print("current-context: minikube")
elif arguments[0] == "get":
    found = objects.get("/".join([arguments[3].removeprefix("--namespace="), *arguments[1:3]]))
    print(json.dumps(found) if found else "", end="")
else:
    listener = socket.create_server(("127.0.0.1", int(arguments[-1].split(":")[0])))
    signal.pause()
"""


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a kubectl that knows the project `examples` and the platform."""
    objects: dict[str, Any] = {
        "examples/configmap/examples": {"data": IN_PODS},
        "examples/secret/examples": {"data": {"PGPASSWORD": base64.b64encode(b"secret-password").decode()}},
        "examples/configmap/postgres-ca": {"data": {"ca.crt": "the authority"}},
        "mlops/configmap/airflow-platform": {"data": {"platform.json": json.dumps(PLATFORM)}},
    }
    (tmp_path / "objects.json").write_text(json.dumps(objects))
    program = tmp_path / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(KUBECTL.format(python=sys.executable, folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(run, "STATE", tmp_path / "state")
    return tmp_path


def forwarded_ports(kubectl: Path) -> list[int]:
    calls = [json.loads(line) for line in (kubectl / "calls").read_text().splitlines()]
    return [int(call[-1].split(":")[0]) for call in calls if call[0] == "port-forward"]


def test_services_are_forwarded_and_other_addresses_are_not() -> None:
    plan = connections.plan({**IN_PODS, "PGHOST": "10.1.2.3"})
    assert {variable: (to.service, to.namespace, to.port) for variable, to in plan.by_variable.items()} == {
        "MLFLOW_TRACKING_URI": ("mlflow", "mlops", 5000),
        "AWS_ENDPOINT_URL_S3": ("minio", "mlops", 9000),
    }
    assert connections.localized(
        {"PGHOST": "10.1.2.3"}, connections.plan({"PGHOST": "10.1.2.3"}), None, Path("/x")
    ) == {"PGHOST": "10.1.2.3"}


def test_a_program_has_the_settings_of_a_pod_with_this_machines_addresses(
    kubectl: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    assert run.main(["run", "--project", "examples", "--", sys.executable, "-c", program]) == 0
    *forwarded, environment = capfd.readouterr().out.splitlines()
    found = json.loads(environment)
    ports = {line.split(" is ")[0]: line.rpartition(":")[2] for line in forwarded}
    assert list(ports) == ["mlflow.mlops:5000", "minio.mlops:9000", "postgres.mlops:5432"]
    assert {name: found[name] for name in (*IN_PODS, "PGHOSTADDR", "PGPASSWORD", "KUBECONFIG")} == {
        # The name that the server's certificate is for.
        "PGHOST": "postgres.mlops.svc",
        "PGHOSTADDR": "127.0.0.1",
        "PGPORT": ports["postgres.mlops:5432"],
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{kubectl}/state/certificates/ca.crt",
        "PGPASSWORD": "secret-password",
        "MLFLOW_TRACKING_URI": f"http://localhost:{ports['mlflow.mlops:5000']}",
        "AWS_ENDPOINT_URL_S3": f"http://localhost:{ports['minio.mlops:9000']}",
        "DATA_URI": "s3://projects/examples",
        "KUBECONFIG": f"{kubectl}/state/kubeconfig",
    }
    assert (kubectl / "state" / "certificates" / "ca.crt").read_text() == "the authority"
    assert stat.S_IMODE((kubectl / "state" / "kubeconfig").stat().st_mode) == 0o600
    # No secret is printed or is an argument.
    assert not [line for line in forwarded if "secret" in line]
    assert "secret-password" not in (kubectl / "calls").read_text()


def test_the_programs_exit_code_is_handed_on_and_the_forwards_end(kubectl: Path) -> None:
    assert run.main(["run", "--project", "examples", "--", sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert len(forwarded_ports(kubectl)) == 3
    for port in forwarded_ports(kubectl):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_program_that_is_told_to_end_ends_in_its_own_way_and_the_forwards_after_it(kubectl: Path) -> None:
    program = "import os, signal, sys; signal.signal(15, lambda *_: sys.exit(9)); print('ready'); signal.pause()"
    # A process of its own: the handler of signals is the whole process's.
    start = f"import run, pathlib; run.STATE = pathlib.Path({str(kubectl / 'state')!r}); raise SystemExit(run.main())"
    arguments = ["run", "--project", "examples", "--", sys.executable, "-uc", program]
    with subprocess.Popen(
        [sys.executable, "-c", start, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(run.__file__).parent)},
        stdout=subprocess.PIPE,
        text=True,
    ) as local:
        assert local.stdout is not None
        assert "ready\n" in iter(local.stdout.readline, "")
        local.terminate()
        assert local.wait(60) == 9
    for port in forwarded_ports(kubectl):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_folder_in_the_cluster_is_a_folder_here() -> None:
    given = {"DATA_URI": "file:///data"}
    local = connections.localized(given, connections.plan(given), None, Path("/home/me/data"))
    assert local == {"DATA_URI": "file:///home/me/data"}
    assert connections.described(local, connections.plan(given)) == [
        "DATA_URI is file:///home/me/data: the pods' own volume is not on this machine"
    ]


def test_airflows_settings(tmp_path: Path) -> None:
    settings = run.airflow(tmp_path / "airflow", {"inCluster": False}, 8081)
    assert json.loads((tmp_path / "airflow" / "platform" / "platform.json").read_text()) == {"inCluster": False}
    bundles = json.loads(settings["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])
    assert [bundle["kwargs"]["path"] for bundle in bundles] == [f"{run.TOP}/dags", f"{run.TOP}/local/dags"]
    assert settings["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert settings["AIRFLOW__API__BASE_URL"] == "http://localhost:8081"
    for path in settings["PYTHONPATH"].split(os.pathsep):
        assert Path(path).is_dir(), path


def test_airflow_runs_in_the_environment_that_these_tests_have(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "STATE", tmp_path)
    for arguments, environment in ((["airflow"], "local"), (["notebook"], "papermill")):
        command, settings = run.program(run.parser().parse_args(arguments), {}, {})
        assert command[:4] == [f"{run.TOP}/scripts/uv", "run", "--quiet", "--frozen"]
        assert settings["UV_PROJECT_ENVIRONMENT"] == f"{run.TOP}/.venv/{environment}"


def test_the_dag_that_checks_the_connections_is_imported(use_platform: Callable[[dict[str, Any]], None]) -> None:
    use_platform(platform_json())
    bag = DagBag(run.TOP / "local" / "dags")
    assert bag.import_errors == {}
    [dag] = bag.dags.values()
    assert {task.task_id for task in dag.tasks} == {"kubernetes", "postgres", "mlflow", "data"}


def test_the_platform_is_described_for_an_airflow_outside(kubectl: Path) -> None:
    access = cluster.Access(None, kubectl / "state")
    assert access.platform("mlops") == {**PLATFORM, "inCluster": False}


def test_a_project_without_config_map_and_secret_works(kubectl: Path) -> None:
    assert run.main(["run", "--project", "bare", "--", sys.executable, "-c", ""]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "--project", "nobody", "true"],
            "local: the platform has no project nobody, it has bare, examples: name another --project\n",
        ),
        (
            ["--namespace", "elsewhere", "airflow"],
            "local: there is no platform in the namespace elsewhere of this cluster (ConfigMap airflow-platform): "
            "deploy it first (`make up`), or name another --namespace or --context\n",
        ),
    ],
)
def test_what_is_not_in_the_cluster(
    kubectl: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(arguments) == 1
    assert capsys.readouterr().err == message


def test_without_kubectl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run.main(["notebook"]) == 1
    assert capsys.readouterr().err.startswith("local: kubectl is not on PATH: install it")
