"""An S3 that the site has in place of MinIO."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from other_s3 import other_s3

from conftest import Run, Server
from content import fill
from test_retention import wait_for_the_next_second

URI = "s3://company/teams/ml/backups"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of the backup's pod."""
    with other_s3(tmp_path / "site") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield


@pytest.mark.usefixtures("site")
def test_every_command_works(source: Server, target: Server, run: Run, tmp_path: Path) -> None:
    source.provision("airflow", "mlflow")
    fill(source)
    made = run("run", server=source, BACKUP_URI=URI)
    assert (made.code, made.error) == (0, "")
    [name] = [line.split()[0] for line in run("list", BACKUP_URI=URI).lines]
    assert run("verify", BACKUP_URI=URI).code == 0
    target.provision("airflow", "mlflow")
    restored = run("restore", server=target, BACKUP_URI=URI)
    assert (restored.code, restored.error) == (0, "")
    assert run("compare", server=target, BACKUP_URI=URI).code == 0
    # Out of the bucket, back into another folder of it, and old ones removed.
    disk, again = f"file://{tmp_path}/disk", "s3://company/again"
    assert run("copy", "s3://company/teams/ml", disk).code == 0
    assert run("copy", disk, again).code == 0
    assert run("copy", f"{URI}/{name}", f"{URI}/2020-01-01T000000Z").code == 0
    wait_for_the_next_second(name)
    made = run("run", server=source, BACKUP_URI=URI, BACKUP_RETENTION_DAYS="30")
    assert [line for line in made.lines if line.startswith("removed")] == [
        "removed 2020-01-01T000000Z: older than 30 days"
    ]
    kept = [line.split()[0] for line in run("list", BACKUP_URI=URI).lines]
    assert len(kept) == 2
    assert name in kept


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "another"}, "signature"),
        ({"AWS_ACCESS_KEY_ID": "nobody"}, "access key"),
        ({"BACKUP_URI": "s3://other/backups"}, "bucket"),
    ],
)
def test_what_the_site_has_wrong_is_said(wrong: dict[str, str], says: str, run: Run) -> None:
    outcome = run("list", **{"BACKUP_URI": URI, **wrong})
    assert outcome.code in (3, 4), outcome
    assert says in outcome.error.lower(), outcome
    assert "another" not in outcome.error
