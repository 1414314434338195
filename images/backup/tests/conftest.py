"""Real servers for the tests: PostgreSQL as processes of this machine, S3 by moto."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from moto.server import ThreadedMotoServer
from psycopg import sql

from backup.cli import main

ADMIN_PASSWORD = "administrator-password"
FERNET_KEY = "WyFT5FzYsQzUJhT7mZpKJtM2pNcnPBCxFLr8KDCeSHg="
Run = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    code: int
    lines: list[str]
    error: str


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of its own."""

    port: int
    admin: str = "postgres"
    password: str = ADMIN_PASSWORD
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        environment = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": self.admin,
            "PGPASSWORD": self.password,
            "PGDATABASE": "postgres",
        }
        object.__setattr__(self, "environment", environment)

    def connect(self, database: str = "postgres", user: str | None = None) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user or self.admin,
            password=self.password,
            dbname=database,
            autocommit=True,
        )

    def execute(self, database: str, *statements: str, user: str | None = None) -> list[Any]:
        """The last statement's rows."""
        with self.connect(database, user) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def provision(self, *names: str) -> None:
        """A role and an empty database for it each, as the platform's Job makes them."""
        with self.connect() as connection:
            is_superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            for name in names:
                role = sql.Identifier(name)
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(self.password)))
                if is_superuser != (True,):
                    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(role))
                connection.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(role))
                connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(role, role))
                with self.connect(name) as inside:
                    inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
                    inside.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(role))

    def clear(self) -> None:
        """As a new server."""
        with Server(self.port).connect() as connection:
            databases = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate").fetchall()
            for (name,) in databases:
                if name != "postgres":
                    connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)'").fetchall()
            for (name,) in roles:
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def programs() -> Path:
    """PostgreSQL's programs, server and clients of one version; $POSTGRES_BIN names another folder."""
    named = os.environ.get("POSTGRES_BIN")
    folders = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.skip("needs a PostgreSQL server: Debian's package postgresql, or its bin folder in $POSTGRES_BIN")


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    # Not in pytest's folder: every pytest that starts closes it to other users, such as nobody.
    with tempfile.TemporaryDirectory(prefix="backup-postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        data, log, password = home / "data", home / "log", home / "password"
        password.write_text(ADMIN_PASSWORD)
        as_user = _unprivileged(home, password)
        port = free_port()
        initdb: list[str | Path] = [programs / "initdb", "--pgdata", data, "--pwfile", password, "--no-sync"]
        initdb += ["--username", "postgres", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        control: list[str | Path] = [programs / "pg_ctl", "--pgdata", data, "--log", log, "--wait"]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        _quietly(initdb, as_user)
        _quietly([*control, "-o", settings, "start"], as_user)
        yield Server(port)
        _quietly([*control, "--mode", "immediate", "stop"], as_user)


@pytest.fixture(scope="session")
def first_server(programs: Path) -> Iterator[Server]:
    with running(programs) as server:
        yield server


@pytest.fixture(scope="session")
def second_server(programs: Path) -> Iterator[Server]:
    with running(programs) as server:
        yield server


@pytest.fixture
def source(first_server: Server) -> Server:
    """The platform's server, without any database yet."""
    first_server.clear()
    return first_server


@pytest.fixture
def target(second_server: Server) -> Server:
    """The server of another platform, without any database yet."""
    second_server.clear()
    return second_server


@pytest.fixture
def run(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Run]:
    """Runs the command as the CronJob does; `server` and `environment` say where."""
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("BACKUP_URI", f"file://{tmp_path}/backups")
    monkeypatch.setenv("BACKUP_DATABASES", "airflow,mlflow")
    for name in ("BACKUP_RECIPIENT", "BACKUP_FERNET_KEY_FILE", "BACKUP_RETENTION_DAYS"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, server: Server | None = None, **environment: str) -> Outcome:
        for name, value in {**(server.environment if server else {}), **environment}.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out.splitlines(), captured.err.strip())

    yield command


@pytest.fixture
def of_logins(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command as the platform does: by the logins alone."""
    services = tmp_path / "pg_service.conf"
    sections = [f"[{name}]\ndbname={name}\nuser={name}\npassword={ADMIN_PASSWORD}\n" for name in ("airflow", "mlflow")]
    services.write_text("".join(sections))
    for name in ("PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, server: Server, **environment: str) -> Outcome:
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGSERVICEFILE": str(services)}
        return run(*arguments, **place, **environment)

    return command


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new bucket's name."""
    environment = {
        "AWS_ENDPOINT_URL_S3": s3_endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=s3_endpoint)
    client.create_bucket(Bucket="mlops")
    yield "mlops"
    for entry in client.list_objects_v2(Bucket="mlops").get("Contents", []):
        client.delete_object(Bucket="mlops", Key=entry["Key"])
    client.delete_bucket(Bucket="mlops")


@pytest.fixture(params=["file", "s3"])
def storage_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where backups go: each test that asks for it runs with a folder and with S3."""
    if request.param == "file":
        return f"file://{tmp_path}/elsewhere/backups"
    return f"s3://{request.getfixturevalue('bucket')}/backups"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quietly(command: list[str | Path], as_user: dict[str, Any]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)


def _unprivileged(*paths: Path) -> dict[str, Any]:
    """What makes a subprocess run as nobody, since a Postgres server refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in paths:
        shutil.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
