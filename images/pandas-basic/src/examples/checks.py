"""Connects to what a project was given. Every connection is tried, then those that failed are named."""

import base64
import json
import os
import socket
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence

import psycopg
from upath import UPath

from examples.errors import ExampleError
from examples.settings import make_folder, setting

TIMEOUT_SECONDS = 30


def postgres() -> str:
    """Logs in with libpq's own variables and says where it got."""
    if not os.environ.get("PGHOST"):
        return "PGHOST is not set: the project has no database"
    with psycopg.connect(connect_timeout=TIMEOUT_SECONDS) as connection:
        row = connection.execute(
            "SELECT current_database(), current_user, current_setting('server_version')"
        ).fetchone()
        assert row is not None
        encryption = "with TLS" if connection.pgconn.ssl_in_use else "without TLS"
    return f"database {row[0]} as {row[1]} on Postgres {row[2]}, {encryption}"


def mlflow() -> str:
    """Asks the tracking server for the experiments that the project may see, as its user."""
    server = setting("MLFLOW_TRACKING_URI", "the tracking server, for example http://mlflow.mlops.svc:5000")
    request = urllib.request.Request(f"{server.rstrip('/')}/api/2.0/mlflow/experiments/search?max_results=10")
    username, password = (os.environ.get(f"MLFLOW_TRACKING_{part}") for part in ("USERNAME", "PASSWORD"))
    if username and password:
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {credentials}")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            experiments = json.load(response).get("experiments", [])
    except urllib.error.HTTPError as error:
        raise ExampleError(
            f"{server} answers {error.code} {error.reason}{_HINTS.get(error.code, '')}"
        ) from None
    except urllib.error.URLError as error:
        raise ExampleError(f"{server} does not answer: {error.reason}") from None
    except TimeoutError:
        raise ExampleError(f"{server} does not answer within {TIMEOUT_SECONDS} seconds") from None
    return f"{server} shows {len(experiments)} experiments to {username or 'anyone'}"


_HINTS: Mapping[int, str] = {
    401: ": check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
    403: ": the server does not accept this host name, or the user may not see experiments",
}


def data() -> str:
    """Writes a file below DATA_URI, reads it back and deletes it."""
    location = setting(
        "DATA_URI", "where the project's data is, for example s3://projects/examples or file:///data"
    )
    content = f"written by {socket.gethostname()}"
    file = UPath(location) / ".check" / uuid.uuid4().hex
    make_folder(file)
    file.write_text(content)
    read = file.read_text()
    file.unlink()
    if read != content:
        raise ExampleError(f"{file} holds {len(read)} characters that differ from those written")
    return f"files in {location} can be written, read and deleted"


CHECKS: Mapping[str, Callable[[], str]] = {"postgres": postgres, "mlflow": mlflow, "data": data}


def check(names: Sequence[str]) -> None:
    """Makes the checks, each with one line. Raises ExampleError with the names of those that failed."""
    failed = [name for name in names if not _passes(name)]
    if failed:
        raise ExampleError(f"{', '.join(failed)} cannot be used (see above)")


def _passes(name: str) -> bool:
    try:
        print(f"{name}: ok: {CHECKS[name]()}")
    # Whatever a client raises, the other connections are still checked.
    except Exception as error:
        print(f"{name}: failed: {_one_line(error)}")
        return False
    return True


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, ExampleError) else f"{type(error).__name__}: {text}"
