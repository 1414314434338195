"""Real servers for the tests, each skipped with a reason where it is not installed."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from postgres_cases import ADMIN_PASSWORD, MANAGED_PASSWORD, Postgres, as_superuser, wipe
from provision.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    lines: list[str]
    error: str


class Workspace:
    """Writes specs and secret files, and runs the command on them."""

    def __init__(self, directory: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self._capture = capture

    def secret(self, name: str, value: str) -> str:
        path = self.directory / name
        path.write_text(value)
        return str(path)

    def spec(self, content: Any) -> str:
        path = self.directory / "spec.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def run(self, job: str, content: Any, *options: str) -> Outcome:
        code = main([job, "--spec", self.spec(content), *(options or ("--timeout-seconds", "20"))])
        captured = self._capture.readouterr()
        return Outcome(code, captured.out.splitlines(), captured.err.strip())


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    return Workspace(tmp_path, capsys)


@pytest.fixture(params=["superuser", "managed"])
def admin(
    request: pytest.FixtureRequest, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Postgres]:
    """The environment of the job, as a superuser and as an administrator of a managed service."""
    for name, value in postgres.environment.items():
        monkeypatch.setenv(name, value)
    if request.param == "managed":
        as_superuser(postgres, f"CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD '{MANAGED_PASSWORD}'")
        as_superuser(postgres, "GRANT pg_monitor TO manager WITH ADMIN OPTION")
        # As in Cloud SQL and RDS, where it owns what the service gives out.
        as_superuser(
            postgres, *(f"ALTER DATABASE {name} OWNER TO manager" for name in ("postgres", "template1"))
        )
        monkeypatch.setenv("PGUSER", "manager")
        monkeypatch.setenv("PGPASSWORD", MANAGED_PASSWORD)
    yield postgres
    wipe(postgres)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of its own on a free port; $POSTGRES_BIN names the folder of other binaries."""
    binaries = postgres_binaries()
    # Not in pytest's folder: every pytest that starts closes it to other users, such as nobody.
    with tempfile.TemporaryDirectory(prefix="provision-postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        data, log, password = home / "data", home / "log", home / "password"
        password.write_text(ADMIN_PASSWORD)
        as_user = _unprivileged(home, password)
        port = free_port()
        initdb: list[str | Path] = [binaries / "initdb", "--pgdata", data, "--pwfile", password]
        initdb += ["--username", "postgres", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        control: list[str | Path] = [binaries / "pg_ctl", "--pgdata", data, "--log", log, "--wait"]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        # Statements are logged so that a test can look for passwords in them.
        settings += " -c log_statement=all"
        _quietly([*initdb, "--no-sync"], as_user)
        _quietly([*control, "-o", settings, "start"], as_user)
        environment = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "PGUSER": "postgres",
            "PGPASSWORD": ADMIN_PASSWORD,
            "PGDATABASE": "postgres",
        }
        yield Postgres(port, environment, log)
        _quietly([*control, "--mode", "immediate", "stop"], as_user)


def _quietly(command: list[str | Path], as_user: dict[str, Any]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)


def postgres_binaries() -> Path:
    named = os.environ.get("POSTGRES_BIN")
    on_path = shutil.which("initdb")
    folders = [Path(named)] if named else [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.skip("needs a PostgreSQL server: Debian's package postgresql, or its bin folder in $POSTGRES_BIN")


def _unprivileged(*paths: Path) -> dict[str, Any]:
    """What makes a subprocess run as nobody, since a Postgres server refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in paths:
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass(frozen=True)
class MinioServer:
    endpoint: str
    host: str
    user: str = "root-user"
    password: str = "root-password"


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MinioServer]:
    binary = os.environ.get("MINIO_BINARY") or shutil.which("minio")
    if not binary:
        pytest.skip("needs MinIO's server: a binary named minio on PATH or in $MINIO_BINARY")
    home = tmp_path_factory.mktemp("minio")
    server = MinioServer(endpoint := f"http://127.0.0.1:{free_port()}", endpoint.removeprefix("http://"))
    command = [binary, "server", str(home / "data"), "--address", server.host, "--quiet"]
    environment = {
        **os.environ,
        "HOME": str(home),
        "MINIO_ROOT_USER": server.user,
        "MINIO_ROOT_PASSWORD": server.password,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    with _running(command, environment, home, lambda: _answers(f"{server.endpoint}/minio/health/ready"), 60):
        yield server


@dataclass(frozen=True)
class MlflowServer:
    url: str
    admin: str = "admin"
    password: str = ADMIN_PASSWORD


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    program = os.environ.get("MLFLOW_BINARY") or shutil.which("mlflow")
    if not program:
        pytest.skip("needs MLflow's server: PyPI's mlflow[auth], on PATH or in $MLFLOW_BINARY")
    home = tmp_path_factory.mktemp("mlflow")
    (home / "auth.ini").write_text(
        "[mlflow]\ndefault_permission = NO_PERMISSIONS\n"
        f"database_uri = sqlite:///{home}/auth.db\nadmin_username = admin\n"
    )
    port = free_port()
    server = MlflowServer(f"http://127.0.0.1:{port}")
    command = [program, "server", "--app-name", "basic-auth", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{home}/mlflow.db", "--artifacts-destination", str(home)]
    environment = {
        **os.environ,
        "MLFLOW_AUTH_CONFIG_PATH": str(home / "auth.ini"),
        "MLFLOW_AUTH_ADMIN_PASSWORD": server.password,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "a-key-for-tests",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    with _running(command, environment, home, lambda: _answers(f"{server.url}/health"), 180):
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class _running:
    """Runs a server for the length of a `with`, from its first healthy answer on."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        home: Path,
        healthy: Callable[[], bool],
        seconds: float,
    ) -> None:
        self._command, self._environment, self._home = command, environment, home
        self._healthy, self._seconds = healthy, seconds

    def __enter__(self) -> None:
        log = self._home / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._home, stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + self._seconds
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                pytest.fail(f"{self._command[0]} did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            print(f"{self._command[0]} had to be killed", file=sys.stderr)
