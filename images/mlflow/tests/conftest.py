"""Databases and a server for the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ADMIN_PASSWORD = "administrator-password"
AUTH_CONFIG = "[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = {uri}\nadmin_username = admin\n"


def auth_config(folder: Path, uri: str) -> str:
    path = folder / "basic_auth.ini"
    # An ini file takes % for the start of a reference.
    path.write_text(AUTH_CONFIG.format(uri=uri.replace("%", "%%")))
    return str(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """libpq's variables for an empty database; $POSTGRES_BIN names the folder of other binaries."""
    binaries = _postgres_binaries()
    # Not in pytest's folder: every pytest that starts closes it to other users, such as nobody.
    with tempfile.TemporaryDirectory(prefix="mlflow-postgres-", ignore_cleanup_errors=True) as folder:
        home, password = Path(folder), Path(folder) / "password"
        password.write_text("postgres-%:/@")
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in (home, password):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        port = free_port()
        initdb = [f"{binaries}/initdb", "--pgdata", f"{home}/data", "--pwfile", str(password), "--no-sync"]
        initdb += ["--username", "mlflow", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        control = [f"{binaries}/pg_ctl", "--pgdata", f"{home}/data", "--log", f"{home}/log", "--wait"]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        for command in (initdb, [*control, "-o", settings, "start"]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)
        yield {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "PGUSER": "mlflow",
            "PGPASSWORD": password.read_text(),
            "PGDATABASE": "postgres",
        }
        stop = [*control, "--mode", "immediate", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)


def _postgres_binaries() -> Path:
    named, on_path = os.environ.get("POSTGRES_BIN"), shutil.which("initdb")
    folders = [Path(named)] if named else [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.skip("needs a PostgreSQL server: Debian's package postgresql, or its bin folder in $POSTGRES_BIN")
