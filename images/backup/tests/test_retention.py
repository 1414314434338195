import time
from datetime import UTC, datetime
from pathlib import Path

from backup.create import NAME_FORMAT, expired
from conftest import Run, Server

NOW = datetime(2026, 11, 21, 2, 17, tzinfo=UTC)


def test_complete_backups_go_when_they_are_older_than_the_retention() -> None:
    names = {"2026-11-06T021700Z": True, "2026-11-07T021700Z": True, "2026-11-20T021700Z": True}
    assert expired(names, NOW, 14) == ["2026-11-06T021700Z"]
    assert expired(names, NOW, 15) == []


def test_the_newest_complete_backup_never_goes() -> None:
    assert expired({"2026-01-01T021700Z": True, "2026-01-02T021700Z": True}, NOW, 1) == ["2026-01-01T021700Z"]
    # One that was never completed is no reason to let the last good one go.
    assert expired({"2026-01-01T021700Z": True, "2026-11-21T000000Z": False}, NOW, 1) == []


def test_what_was_never_completed_goes_after_a_day() -> None:
    names = {"2026-11-20T021600Z": False, "2026-11-20T021800Z": False, "2026-11-21T021600Z": True}
    assert expired(names, NOW, 14) == ["2026-11-20T021600Z"]


def test_a_run_removes_old_backups_and_nothing_else(source: Server, storage_uri: str, run: Run) -> None:
    source.provision("airflow", "mlflow")
    assert run("run", server=source, BACKUP_URI=storage_uri).code == 0
    [first] = names(run)
    for old in ("2020-01-01T000000Z", "2020-01-02T000000Z"):
        assert run("copy", f"{storage_uri}/{first}", f"{storage_uri}/{old}").code == 0
    for foreign in ("my-own-folder", "2020-01-03T000000Z-kept"):
        run("copy", f"{storage_uri}/{first}", f"{storage_uri}/{foreign}")
    assert len(names(run)) == 3
    wait_for_the_next_second(first)
    made = run("run", BACKUP_RETENTION_DAYS="30", BACKUP_DATABASES="airflow")
    assert [line for line in made.lines if line.startswith("removed")] == [
        "removed 2020-01-01T000000Z: older than 30 days",
        "removed 2020-01-02T000000Z: older than 30 days",
    ]
    assert first in names(run)
    assert run("copy", f"{storage_uri}/my-own-folder", f"{storage_uri}/{first}").lines == [
        "copied 0 objects, 0 bytes; 4 already existed"
    ]


def wait_for_the_next_second(name: str) -> None:
    while datetime.now(UTC).strftime(NAME_FORMAT) == name:
        time.sleep(0.05)


def names(run: Run) -> list[str]:
    return [line.split()[0] for line in run("list").lines]


def test_a_bucket_is_taken_out_and_brought_back(source: Server, bucket: str, run: Run, tmp_path: Path) -> None:
    source.provision("airflow", "mlflow")
    uri = f"s3://{bucket}/backups"
    assert run("run", server=source, BACKUP_URI=uri).code == 0
    out = run("copy", f"s3://{bucket}", f"file://{tmp_path}/disk")
    assert (out.code, out.lines[0].split(",")[0]) == (0, "copied 4 objects")
    [name] = names(run)
    (tmp_path / f"disk/backups/{name}/roles.sql").unlink()
    assert run("copy", f"s3://{bucket}", f"file://{tmp_path}/disk").lines[0].startswith("copied 1 objects")
    assert run("copy", f"file://{tmp_path}/disk", f"s3://{bucket}/again").code == 0
    assert run("verify", BACKUP_URI=f"s3://{bucket}/again/backups").code == 0
