"""Users on a real tracking server with basic authentication."""

from typing import Any

import pytest

from conftest import MlflowServer, Outcome, Workspace
from provision import mlflow as job
from provision.mlflow import Server

PASSWORD = "pageviews-password"


class Platform:
    def __init__(self, server: MlflowServer, workspace: Workspace) -> None:
        self.server, self._workspace = server, workspace

    def spec(self, password: str = PASSWORD, *names: str) -> dict[str, Any]:
        path = self._workspace.secret("password", password)
        return {
            "url": self.server.url,
            "adminUsername": self.server.admin,
            "adminPasswordFile": self._workspace.secret("admin", self.server.password),
            "users": [{"name": name, "passwordFile": path} for name in names],
        }

    def run(self, password: str, *names: str) -> Outcome:
        outcome = self._workspace.run("mlflow", self.spec(password, *names), "--timeout-seconds", "120")
        assert outcome.error == ""
        assert outcome.code == 0
        return outcome

    def status(self, name: str, password: str, path: str = "/version") -> int:
        return Server(self.server.url, name, password).call("GET", path)[0]


@pytest.fixture
def platform(mlflow_server: MlflowServer, workspace: Workspace) -> Platform:
    return Platform(mlflow_server, workspace)


def test_users_are_created_once_and_get_new_passwords(platform: Platform) -> None:
    assert platform.run(PASSWORD, "pageviews", "page views & co").lines == [
        "user pageviews: created",
        "user page views & co: created",
    ]
    assert platform.run(PASSWORD, "pageviews", "page views & co").lines == [
        "user pageviews: unchanged",
        "user page views & co: unchanged",
    ]
    assert platform.run("another-password-é", "pageviews").lines == ["user pageviews: password set"]
    assert platform.status("pageviews", "another-password-é") == 200
    assert platform.status("pageviews", PASSWORD) == 401


def test_a_user_is_no_administrator(platform: Platform) -> None:
    platform.run(PASSWORD, "plain")
    assert platform.status("plain", PASSWORD, "/api/2.0/mlflow/users/get?username=admin") == 403


def test_a_wrong_administrator_fails_at_once(
    platform: Platform, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "wait_for", lambda _what, attempt, _seconds: attempt())
    wrong = workspace.secret("wrong", "not-the-password")
    outcome = workspace.run("mlflow", {**platform.spec(), "adminPasswordFile": wrong})
    assert outcome.code == 1
    assert outcome.error.startswith("provision mlflow: MLflow rejects the password of admin")


def test_a_user_without_rights_cannot_provision(platform: Platform, workspace: Workspace) -> None:
    platform.run(PASSWORD, "powerless")
    spec = {
        **platform.spec(),
        "adminUsername": "powerless",
        "adminPasswordFile": workspace.secret("p", PASSWORD),
    }
    outcome = workspace.run("mlflow", spec)
    assert outcome.code == 1
    assert outcome.error.startswith("provision mlflow: powerless is not an administrator of MLflow")


def test_no_secret_is_printed(platform: Platform) -> None:
    lines = "\n".join(platform.run(PASSWORD, "quiet").lines)
    assert PASSWORD not in lines
    assert platform.server.password not in lines
