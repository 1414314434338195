"""The servers of the loop, as processes on this machine: PostgreSQL, an S3 server, MLflow."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import boto3
import psycopg

START_TIMEOUT_SECONDS = 180
S3_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "loop", "AWS_SECRET_ACCESS_KEY": "loop-secret", "AWS_REGION": "us-east-1"}


class NotInstalled(Exception):
    """A server that this machine does not have; the text says how to get it."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A PostgreSQL of this machine's own packages, in a temporary folder, as a non-root user."""

    def __init__(self) -> None:
        self._programs = _postgres_programs()
        self._user = _unprivileged_user()
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="loop-postgres-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        password_file = self._folder / "password"
        password_file.write_text("loop")
        password_file.chmod(0o644)
        self._run(
            "initdb", "--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"
        )
        self._control("start")

    def environment(self, database: str) -> dict[str, str]:
        """libpq's variables for the superuser, who stands for a project's own role."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": "loop",
            "PGDATABASE": database,
        }

    def create_database(self, name: str) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres password=loop dbname={database}"

    def restart(self) -> None:
        """As when the machine is switched off and on: nothing is closed in order."""
        self._control("restart", "--mode=immediate")

    def close(self) -> None:
        self._control("stop", "--mode=immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, action: str, *arguments: str) -> None:
        settings = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} -c fsync=off"
        )
        log = self._folder / "log"
        self._run("pg_ctl", f"--log={log}", "--wait", f"--options={settings}", *arguments, action)

    def _run(self, program: str, *arguments: str) -> None:
        # Into a file and not a pipe: the server keeps the stream open.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._programs / program, f"--pgdata={self._folder / 'data'}", *arguments],
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                cwd=self._folder,
                stdout=output,
                stderr=output,
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} {' '.join(arguments)} failed:\n{output.read().decode()}")


class Server:
    """A Python server of PyPI as a process, ready when it answers at `health`."""

    def __init__(self, module: str, arguments: list[str], environment: Mapping[str, str], health: str) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - until stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, **environment},
            stdout=self._output,
            stderr=self._output,
            # Its own group: MLflow's server starts workers.
            start_new_session=True,
        )
        self._health = health

    def wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(self._health, timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        self._output.seek(0)
        said = self._output.read().decode()[-5000:]
        self.stop()
        raise RuntimeError(f"{self._health} does not answer:\n{said}")

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._output.close()


def s3_server() -> tuple[Server, str]:
    """moto's S3 server and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    return Server("moto.server", ["-H", "127.0.0.1", "-p", str(port)], {}, f"{url}/moto-api/"), url


def create_buckets(url: str, *names: str) -> None:
    client = s3_client(url)
    for name in names:
        client.create_bucket(Bucket=name)


def s3_client(url: str):  # type: ignore[no-untyped-def]  # boto3 makes its classes at run time
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=S3_ENVIRONMENT["AWS_REGION"],
        aws_access_key_id=S3_ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=S3_ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    )


def mlflow_server(postgres: Postgres, s3_url: str) -> tuple[Server, str]:
    """MLflow's own server with runs in Postgres and artifacts in S3, as on the platform, and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    backend = f"postgresql+psycopg://postgres:loop@127.0.0.1:{postgres.port}/mlflow"
    environment = {
        **S3_ENVIRONMENT,
        "AWS_ENDPOINT_URL_S3": s3_url,
        "MLFLOW_S3_ENDPOINT_URL": s3_url,
        "MLFLOW_BACKEND_STORE_URI": backend,
        "MLFLOW_ARTIFACTS_DESTINATION": "s3://mlflow/artifacts",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    arguments = ["server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return Server("mlflow", arguments, environment, f"{url}/health"), url


def _postgres_programs() -> Path:
    """The newest installed version's folder; Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise NotInstalled(
        "PostgreSQL's server is not installed (Debian: apt-get install postgresql; macOS: brew install postgresql)"
    )


def _unprivileged_user() -> str | None:
    """Whom the server runs as when the tests run as root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NotInstalled("PostgreSQL's server does not run as root, and there is no user postgres or nobody to run it as")
