"""MLflow's server as this image installs it and components/ start it, for tests that ask it by HTTP."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from conftest import ADMIN_PASSWORD, auth_config, free_port

API = "/api/2.0/mlflow"
HOST = "mlflow.mlops.svc:5000"
ORIGIN = "http://192.168.49.2:30500"
START_SECONDS = 180


class Server:
    def __init__(self, url: str) -> None:
        self.url = url

    def call(
        self,
        user: str | None,
        method: str,
        path: str,
        body: Any = None,
        params: dict[str, str] | None = None,
        **headers: str,
    ) -> requests.Response:
        password = ADMIN_PASSWORD if user == "admin" else f"{user}-password"
        return requests.request(
            method,
            self.url + path,
            params=params,
            json=body if not isinstance(body, bytes) else None,
            data=body if isinstance(body, bytes) else None,
            auth=(user, password) if user else None,
            headers={"Host": HOST, **headers},
            timeout=60,
        )

    def ask(self, user: str, method: str, path: str, body: Any = None) -> Any:
        response = self.call(user, method, path, body)
        assert response.status_code == 200, response.text
        return response.json()


@contextmanager
def running_server(home: Path, artifacts: str, **more: str) -> Iterator[Server]:
    """A server with the users alice and bob; `more` joins its environment."""
    database, programs = f"sqlite:///{home}/mlflow.db", Path(sys.executable).parent
    port = free_port()
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(home),
        "MLFLOW_BACKEND_STORE_URI": database,
        "MLFLOW_AUTH_CONFIG_PATH": auth_config(home, database),
        "MLFLOW_AUTH_ADMIN_PASSWORD": ADMIN_PASSWORD,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "a-key-for-tests",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        **more,
    }
    subprocess.run([programs / "mlflow-setup"], env=environment, cwd=home, check=True)
    command: list[str | Path] = [programs / "mlflow", "server", "--app-name", "platform", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--expose-prometheus", home / "metrics"]
    command += ["--artifacts-destination", artifacts]
    command += ["--allowed-hosts", f"mlflow,{HOST},10.244.*", "--cors-allowed-origins", ORIGIN]
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=home, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + START_SECONDS
    while not healthy(server):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"the server did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.5)
    for user in ("alice", "bob"):
        server.ask("admin", "POST", f"{API}/users/create", {"username": user, "password": f"{user}-password"})
    try:
        yield server
    finally:
        process.terminate()
        process.wait(30)


def healthy(server: Server) -> bool:
    try:
        return server.call(None, "GET", "/health").status_code == 200
    except requests.ConnectionError:
        return False


def start_run(server: Server, user: str, name: str) -> dict[str, str]:
    experiment = server.ask(user, "POST", f"{API}/experiments/create", {"name": name})["experiment_id"]
    run = server.ask(user, "POST", f"{API}/runs/create", {"experiment_id": experiment})
    return {key: str(value) for key, value in run["run"]["info"].items()}
