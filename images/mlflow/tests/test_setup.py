"""mlflow-setup on an empty, a current and an older database."""

from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy
from alembic import command
from alembic.script import ScriptDirectory
from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
from mlflow.store.db.utils import _get_alembic_config
from mlflow.store.tracking.dbmodels.initial_models import Base as InitialBase

from conftest import ADMIN_PASSWORD, auth_config, free_port
from mlflow_setup.cli import main

URI_BY_LIBPQ = "postgresql+psycopg2://"


@pytest.fixture(params=["sqlite", "postgres", "postgres by URI"])
def uri(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database's URI, with the environment of the job around it."""
    if request.param == "sqlite":
        uri = f"sqlite:///{tmp_path}/mlflow.db"
    else:
        server: dict[str, str] = request.getfixturevalue("postgres")
        if request.param == "postgres":
            for name, value in server.items():
                monkeypatch.setenv(name, value)
            uri = URI_BY_LIBPQ
        else:
            uri = "postgresql+psycopg2://{PGUSER}:{password}@{PGHOST}:{PGPORT}/{PGDATABASE}".format(
                password=quote(server["PGPASSWORD"], safe=""), **server
            )
        with sqlalchemy.create_engine(uri).begin() as connection:
            connection.execute(sqlalchemy.text("DROP SCHEMA public CASCADE"))
            connection.execute(sqlalchemy.text("CREATE SCHEMA public"))
    environment(monkeypatch, uri, auth_config(tmp_path, uri))
    return uri


def environment(monkeypatch: pytest.MonkeyPatch, uri: str, config: str) -> None:
    monkeypatch.setenv("MLFLOW_BACKEND_STORE_URI", uri)
    monkeypatch.setenv("MLFLOW_AUTH_CONFIG_PATH", config)
    monkeypatch.setenv("MLFLOW_AUTH_ADMIN_PASSWORD", ADMIN_PASSWORD)


def run(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["--timeout-seconds", "10"]) == 0
    return capsys.readouterr().out.splitlines()


def logs_in(uri: str, password: str) -> bool:
    store = SqlAlchemyStore()
    store.init_db(uri)
    try:
        return bool(store.authenticate_user("admin", password) and store.get_user("admin").is_admin)
    finally:
        store.engine.dispose()


def test_first_run_creates_and_the_second_changes_nothing(
    uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    created = run(capsys)
    assert [line.rpartition(" ")[0] for line in created[:2]] == [
        "tracking schema: created at",
        "users' schema: created at",
    ]
    assert created[2] == "user admin: created"
    assert logs_in(uri, ADMIN_PASSWORD)
    again = [line.replace("created", "unchanged") for line in created]
    assert run(capsys) == again


def test_a_changed_secret_becomes_the_password(
    uri: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys)
    monkeypatch.setenv("MLFLOW_AUTH_ADMIN_PASSWORD", "rotated-password")
    assert run(capsys)[2] == "user admin: password set"
    assert logs_in(uri, "rotated-password")
    assert not logs_in(uri, ADMIN_PASSWORD)


def test_an_older_schema_is_upgraded_and_keeps_its_rows(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = sqlalchemy.create_engine(uri)
    config = _get_alembic_config("")
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    assert head
    before = script.get_revision(head).down_revision
    assert isinstance(before, str)
    InitialBase.metadata.create_all(engine)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text("INSERT INTO registered_models (name, workspace) VALUES ('kept', 'default')")
        )
    assert run(capsys)[0] == f"tracking schema: upgraded from {before} to {head}"
    with engine.connect() as connection:
        names = connection.execute(sqlalchemy.text("SELECT name FROM registered_models")).scalars().all()
    engine.dispose()
    assert names == ["kept"]


def test_a_server_that_made_its_users_first_is_no_obstacle(
    uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs_in(uri, ADMIN_PASSWORD)
    tracking, users, admin = run(capsys)
    assert tracking.startswith("tracking schema: created at ")
    assert users.startswith("users' schema: unchanged at ")
    assert admin == "user admin: created"


def test_a_database_that_does_not_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(free_port()))
    environment(monkeypatch, URI_BY_LIBPQ, auth_config(tmp_path, URI_BY_LIBPQ))
    assert main(["--timeout-seconds", "0"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("mlflow-setup: the database did not answer within 0 s: ")
    assert "Connection refused" in error
    assert error.count("\n") == 1


def test_a_refused_login_is_not_waited_for(
    postgres: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**postgres, "PGPASSWORD": "wrong"}.items():
        monkeypatch.setenv(name, value)
    environment(monkeypatch, URI_BY_LIBPQ, auth_config(tmp_path, URI_BY_LIBPQ))
    assert main(["--timeout-seconds", "600"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("mlflow-setup: the database rejects the connection: ")
    assert "password authentication failed" in error


@pytest.mark.parametrize(
    "variable", ["MLFLOW_BACKEND_STORE_URI", "MLFLOW_AUTH_CONFIG_PATH", "MLFLOW_AUTH_ADMIN_PASSWORD"]
)
def test_a_missing_variable_is_one_sentence(
    variable: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, "sqlite://", auth_config(tmp_path, "sqlite://"))
    monkeypatch.delenv(variable)
    assert main([]) == 1
    assert capsys.readouterr().err == f"mlflow-setup: the environment variable {variable} is not set\n"


def test_a_config_without_its_keys_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "basic_auth.ini"
    config.write_text("[mlflow]\nadmin_username = admin\n")
    environment(monkeypatch, "sqlite://", str(config))
    assert main([]) == 1
    assert "basic_auth.ini lacks or misspells 'default_permission'" in capsys.readouterr().err


def test_a_short_password_is_refused_without_showing_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    environment(monkeypatch, uri, auth_config(tmp_path, uri))
    monkeypatch.setenv("MLFLOW_AUTH_ADMIN_PASSWORD", "hunter2")
    assert main([]) == 1
    error = capsys.readouterr().err
    assert error.splitlines()[-1] == (
        "mlflow-setup: MLflow rejects MLFLOW_AUTH_ADMIN_PASSWORD: Password must be at least 12 characters."
    )
    assert "hunter2" not in error


def test_a_driver_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, "postgresql+asyncpg://", auth_config(tmp_path, "sqlite://"))
    assert main([]) == 1
    assert "No module named 'asyncpg'; write postgresql+psycopg2://" in capsys.readouterr().err
