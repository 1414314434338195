"""The cluster, through kubectl: settings, and forwarded ports."""

import base64
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connections import Forward


class LocalError(Exception):
    """An expected failure: its text is a clear sentence, never a secret."""


class Access:
    """One context of the user's kubeconfig, in a file of its own: switching contexts later changes nothing here."""

    def __init__(self, context: str | None, state: Path) -> None:
        if not shutil.which("kubectl"):
            raise LocalError("kubectl is not on PATH: install it (https://kubernetes.io/docs/tasks/tools/)")
        chosen = ["--context", context] if context else []
        config = _output(["kubectl", "config", "view", "--minify", "--flatten", *chosen])
        self.kubeconfig = state / "kubeconfig"
        self._state = state
        write_private(self.kubeconfig, config)

    def platform(self, namespace: str) -> dict[str, Any]:
        """The content of platform.json, for an Airflow that is not in the cluster."""
        found = self._data("configmap", namespace, "airflow-platform")
        if not found:
            raise LocalError(
                f"there is no platform in the namespace {namespace} of this cluster (ConfigMap airflow-platform): "
                "deploy it first (`make up`), or name another --namespace or --context"
            )
        return {**json.loads(found["platform.json"]), "inCluster": False}

    def environment(self, project: dict[str, Any]) -> dict[str, str]:
        """The variables of the project's pods, as envFrom gives them."""
        secret = self._data("secret", project["namespace"], project["secret"])
        decoded = {name: base64.b64decode(value).decode() for name, value in secret.items()}
        return self._data("configmap", project["namespace"], project["configMap"]) | decoded

    def certificate(self, project: dict[str, Any], path: str) -> str | None:
        """A copy of the file that the project's pods have at this path, from a ConfigMap."""
        for volume in project["volumes"]:
            if "configMap" in volume and path.startswith(f"{volume['mountPath']}/"):
                name = path.removeprefix(f"{volume['mountPath']}/")
                file = self._state / "certificates" / name
                write_private(file, self._data("configmap", project["namespace"], volume["configMap"])[name])
                return str(file)
        return None

    @contextmanager
    def forwarded(self, forward: Forward) -> Iterator[None]:
        """Keeps the port forwarded: kubectl ends when the pod behind the Service does, and is started again."""
        process = self._forward(forward)
        _wait_until_open(forward, process)
        ended = threading.Event()

        def supervise() -> None:
            nonlocal process
            while not ended.wait(1):
                if process.poll() is not None:
                    process = self._forward(forward)

        supervisor = threading.Thread(target=supervise, daemon=True)
        supervisor.start()
        try:
            yield
        finally:
            ended.set()
            supervisor.join()
            process.terminate()
            process.wait()

    def _forward(self, forward: Forward) -> "subprocess.Popen[bytes]":
        ports = f"{forward.local_port}:{forward.port}"
        service = f"service/{forward.service}"
        return subprocess.Popen(
            [*self._kubectl, "port-forward", "--namespace", forward.namespace, service, ports],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A Ctrl-C is for the program; the forwards end after it.
            start_new_session=True,
        )

    @property
    def _kubectl(self) -> list[str]:
        return ["kubectl", "--kubeconfig", str(self.kubeconfig)]

    def _data(self, kind: str, namespace: str, name: str) -> dict[str, str]:
        """What a ConfigMap or a Secret holds; nothing where it does not exist."""
        command = [*self._kubectl, "get", kind, name, f"--namespace={namespace}", "--output=json", "--ignore-not-found"]
        found: dict[str, str] = json.loads(_output(command) or "{}").get("data", {})
        return found


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as output:
        output.write(text)


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        # The last line is kubectl's summary.
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise LocalError(f"`{' '.join(command)}` failed: {reason}")
    return done.stdout


def _wait_until_open(forward: Forward, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", forward.local_port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise LocalError(
        f"{forward.service}.{forward.namespace}:{forward.port} cannot be forwarded: "
        f"look at `kubectl get pods,endpoints --namespace {forward.namespace}`"
    )
