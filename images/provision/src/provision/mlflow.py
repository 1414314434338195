"""Users of an MLflow tracking server that runs its `basic-auth` application.

The REST API is https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/.
A failed request is answered with {"error_code", "message"}, a refused one with plain text.
"""

import base64
import json
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote

import urllib3
from pydantic import Field, model_validator

from provision.errors import NotReadyError, ProvisionError, innermost_reason
from provision.fields import HttpUrl, Secret, Text, at_least, must_be, refuse_duplicates
from provision.spec import Entry, load
from provision.wait import wait_for

API = "/api/2.0/mlflow/users"
# MLflow's own rule; checked here so that the error names the file's key.
MINIMUM_PASSWORD_LENGTH = 12
REQUEST_TIMEOUT_SECONDS = 30


class User(Entry):
    # Basic authentication ends the name at the first colon.
    name: Annotated[Text, must_be("a name without a colon", lambda name: ":" not in name)]
    password: Annotated[Secret, at_least(MINIMUM_PASSWORD_LENGTH, "MLflow")] = Field(alias="passwordFile")


class Spec(Entry):
    url: HttpUrl
    admin_username: Text
    admin_password: Secret = Field(alias="adminPasswordFile")
    users: tuple[User, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates(user=[self.admin_username, *(user.name for user in self.users)])
        return self


class Server:
    """A tracking server, asked as one user."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url = url.rstrip("/")
        # urllib3's own make_headers writes Latin-1, MLflow reads UTF-8.
        pair = base64.b64encode(f"{name}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}

    def call(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and decoded answer; NotReadyError where no answer comes."""
        try:
            response = urllib3.request(
                method,
                self.url + path,
                json=body,
                headers=self._headers,
                timeout=REQUEST_TIMEOUT_SECONDS,
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise NotReadyError(innermost_reason(error)) from error
        return response.status, _decode(response.data)


def run(spec: Path, timeout_seconds: float) -> None:
    wanted = load(spec, Spec)
    server = Server(wanted.url, wanted.admin_username, wanted.admin_password)
    wait_for(f"MLflow at {wanted.url}", lambda: check_ready(server), timeout_seconds)
    check_admin(server, wanted.admin_username)
    try:
        for user in wanted.users:
            print(f"user {user.name}: {apply_user(server, user)}", flush=True)
    except NotReadyError as error:
        raise ProvisionError(f"MLflow at {wanted.url} went away: {error}") from error


def check_ready(server: Server) -> None:
    status, _ = server.call("GET", "/health")
    if status != HTTPStatus.OK:
        raise NotReadyError(f"/health answers {status}")


def check_admin(server: Server, name: str) -> None:
    status, answer = server.call("GET", f"{API}/current")
    if status == HTTPStatus.UNAUTHORIZED:
        raise ProvisionError(
            f"MLflow rejects the password of {name}: the server reads the Secret only until it has this "
            "user, so after a change of the Secret, run the server's setup job first"
        )
    if status == HTTPStatus.FORBIDDEN and "Host" in str(answer):
        raise ProvisionError(
            f"MLflow rejects the host name in {server.url}; add it, with its port, to --allowed-hosts"
        )
    if status == HTTPStatus.NOT_FOUND:
        raise ProvisionError(f"MLflow at {server.url} has no user API; start it with --app-name basic-auth")
    if status != HTTPStatus.OK:
        raise _unexpected(f"asked who {name} is", status, answer)
    if not answer["user"]["is_admin"]:
        raise ProvisionError(
            f"{name} is not an administrator of MLflow at {server.url}; name an administrator"
        )


def apply_user(server: Server, user: User) -> str:
    """Creates the user or sets its password; says which."""
    status, _ = Server(server.url, user.name, user.password).call("GET", f"{API}/current")
    if status == HTTPStatus.OK:
        return "unchanged"
    status, answer = server.call("GET", f"{API}/get?username={quote(user.name, safe='')}")
    body = {"username": user.name, "password": user.password}
    if status == HTTPStatus.OK:
        done, status, answer = "password set", *server.call("PATCH", f"{API}/update-password", body)
    elif status == HTTPStatus.NOT_FOUND:
        done, status, answer = "created", *server.call("POST", f"{API}/create", body)
    else:
        raise _unexpected(f"asked for the user {user.name}", status, answer)
    if status != HTTPStatus.OK:
        raise _unexpected(f"told to create the user {user.name}", status, answer)
    return done


def _decode(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


def _unexpected(deed: str, status: int, answer: Any) -> ProvisionError:
    said = answer.get("message", "") if isinstance(answer, dict) else str(answer)
    return ProvisionError(f"MLflow, {deed}, answers {status}: {' '.join(said.split())[:200]}")
