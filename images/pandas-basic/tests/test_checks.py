"""Each check against a server that answers, refuses, or is not there."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from services import free_port

from examples.cli import main

Environment = pytest.MonkeyPatch


def set_all(environment: Environment, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def test_all_three_answer(
    environment: Environment,
    postgres: dict[str, str],
    s3: dict[str, str],
    tracking: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_all(
        environment, {**postgres, **s3, "DATA_URI": "s3://projects/examples", "MLFLOW_TRACKING_URI": tracking}
    )
    set_all(environment, {"MLFLOW_TRACKING_USERNAME": "examples", "MLFLOW_TRACKING_PASSWORD": "secret"})
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("postgres: ok: database postgres as postgres on Postgres ")
    assert lines[0].endswith(", without TLS")
    assert lines[1] == f"mlflow: ok: {tracking} shows 1 experiments to examples"
    assert lines[2] == "data: ok: files in s3://projects/examples can be written, read and deleted"


def test_a_local_folder_is_left_as_it_was(environment: Environment, tmp_path: Path) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    assert main(["check", "--only", "data"]) == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_every_failure_is_named_although_the_first_fails(
    environment: Environment, tracking: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_all(environment, {"PGHOST": "127.0.0.1", "PGPORT": str(free_port()), "PGUSER": "examples"})
    environment.setenv("MLFLOW_TRACKING_URI", tracking)
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    assert main(["check"]) == 1
    output = capsys.readouterr()
    postgres, mlflow, data = output.out.splitlines()
    assert postgres.startswith("postgres: failed: OperationalError: connection failed: ")
    assert mlflow == (
        f"mlflow: failed: {tracking} answers 401 Unauthorized: "
        "check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
    )
    assert data.startswith("data: ok: ")
    assert output.err == "examples check: postgres, mlflow cannot be used (see above)\n"


def test_a_tracking_server_that_is_not_there(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    server = f"http://127.0.0.1:{free_port()}"
    environment.setenv("MLFLOW_TRACKING_URI", server)
    assert main(["check", "--only", "mlflow"]) == 1
    assert capsys.readouterr().out == (
        f"mlflow: failed: {server} does not answer: [Errno 111] Connection refused\n"
    )


def test_a_bucket_that_is_not_there(
    environment: Environment, s3: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    set_all(environment, {**s3, "DATA_URI": "s3://nobodys/examples"})
    assert main(["check", "--only", "data"]) == 1
    assert capsys.readouterr().out.startswith(
        "data: failed: FileNotFoundError: The specified bucket does not exist"
    )


def test_missing_settings_say_where_they_come_from(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 1
    # A project may go without a database, and says so in the stack's configuration.
    source = "and comes from the project's ConfigMap or Secret"
    assert capsys.readouterr().out.splitlines() == [
        "postgres: ok: PGHOST is not set: the project has no database",
        "mlflow: failed: MLFLOW_TRACKING_URI is not set: it is the tracking server, "
        f"for example http://mlflow.mlops.svc:5000, {source}",
        "data: failed: DATA_URI is not set: it is where the project's data is, "
        f"for example s3://projects/examples or file:///data, {source}",
    ]


def test_no_secret_is_printed(
    environment: Environment, tracking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("MLFLOW_TRACKING_URI", tracking)
    set_all(environment, {"MLFLOW_TRACKING_USERNAME": "examples", "MLFLOW_TRACKING_PASSWORD": "wrong-secret"})
    environment.setenv("PGPASSWORD", "another-secret")
    main(["check"])
    main(["hello"])
    output = capsys.readouterr()
    assert "PGPASSWORD" in output.out
    assert "secret" not in (output.out + output.err).lower().replace("configmap or secret", "")
