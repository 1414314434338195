"""The wait retries what may pass, reports, and ends with the last reason."""

import pytest

from conftest import Workspace, free_port
from provision import wait
from provision.errors import NotReadyError, ProvisionError


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(wait, "time", clock)
    return clock


def test_one_line_every_ten_seconds_until_it_answers(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    def attempt() -> str:
        if clock.now < 25:
            raise NotReadyError("connection refused")
        return "answer"

    assert wait.wait_for("Postgres", attempt, 300) == "answer"
    assert capsys.readouterr().out.splitlines() == [
        "waiting for Postgres, 10 of 300 s: connection refused",
        "waiting for Postgres, 20 of 300 s: connection refused",
    ]


def test_the_time_out_names_the_last_reason(clock: Clock) -> None:
    def attempt() -> None:
        raise NotReadyError("connection refused")

    with pytest.raises(ProvisionError, match=r"Postgres did not answer within 5 s: connection refused"):
        wait.wait_for("Postgres", attempt, 5)
    assert clock.now == 5


def test_another_error_is_not_waited_for(clock: Clock) -> None:
    def attempt() -> None:
        raise ProvisionError("wrong password")

    with pytest.raises(ProvisionError, match="wrong password"):
        wait.wait_for("Postgres", attempt, 300)
    assert clock.now == 0


def test_each_job_gives_up_on_a_server_that_is_not_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(port))
    secret = workspace.secret("secret", "a-secret-of-24-characters")
    url = f"http://127.0.0.1:{port}"
    platform = {"id": "5b2d", "stack": "organization/mlops/dev"}
    specs = {
        "postgres": {"platform": platform, "server": "own", "roles": []},
        "minio": {"endpoint": url, "accessKeyFile": secret, "secretKeyFile": secret},
        "mlflow": {"url": url, "adminUsername": "admin", "adminPasswordFile": secret},
    }
    for job, spec in specs.items():
        outcome = workspace.run(job, spec, "--timeout-seconds", "0")
        assert outcome.code == 1
        assert outcome.error.startswith(f"provision {job}: ")
        assert "did not answer within 0 s" in outcome.error
        assert "refused" in outcome.error
        assert "\n" not in outcome.error
