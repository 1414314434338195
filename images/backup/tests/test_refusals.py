"""What must not happen: data overwritten, a broken backup trusted, a failure that leaves half."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run, Server
from content import fill


@pytest.fixture
def backed_up(source: Server, target: Server, run: Run, tmp_path: Path) -> Path:
    """The folder of a complete backup; the target has empty databases."""
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    assert run("run", server=source).code == 0
    [folder] = (tmp_path / "backups").iterdir()
    return folder


def tables(server: Server) -> list[str]:
    found = server.execute("airflow", "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found]


def test_a_database_with_tables_is_replaced_only_by_force(backed_up: Path, target: Server, run: Run) -> None:
    target.execute("airflow", "CREATE TABLE newer (id int)", "INSERT INTO newer VALUES (1)", user="airflow")
    refused = run("restore", server=target)
    assert refused.code == 6
    assert refused.error == ("backup restore: not empty: airflow (1 tables). To replace their contents, add --force")
    assert tables(target) == ["newer"]
    assert run("restore", "--force", server=target).code == 0
    # What the backup does not know is gone, too.
    assert tables(target) == ["connection", "dag", "log", "log_1"]
    assert run("restore", "--force", server=target).code == 0


def test_a_backup_of_another_platform_on_the_same_server_is_refused(backed_up: Path, target: Server, run: Run) -> None:
    """Its databases are there, under their own names, and a restore would replace them."""
    refused = run("restore", "--force", server=target, BACKUP_DATABASES="staging_airflow,staging_mlflow")
    assert refused.code == 6
    assert refused.error == (
        "backup restore: databases of another platform: airflow, mlflow; this one has staging_airflow, "
        "staging_mlflow. Deploy it with the projects and the postgres.prefix of the backup, or choose databases with "
        "--database"
    )
    assert tables(target) == []


def test_a_database_in_use_is_not_touched(backed_up: Path, target: Server, run: Run) -> None:
    with target.connect("airflow", user="airflow"):
        refused = run("restore", "--force", server=target)
    assert refused.code == 6
    assert "in use: airflow by airflow" in refused.error
    assert tables(target) == []


def test_the_metrics_exporter_keeps_nobody_from_restoring(backed_up: Path, target: Server, run: Run) -> None:
    target.execute(
        "postgres",
        f"CREATE ROLE exporter LOGIN PASSWORD '{target.password}'",
        "GRANT pg_monitor TO exporter",
        "GRANT CONNECT ON DATABASE airflow TO exporter",
    )
    with target.connect("airflow", user="exporter"):
        assert run("restore", server=target).code == 0


@pytest.mark.parametrize("damage", ["a flipped bit", "a cut end", "a lost file"])
def test_damage_is_found_and_nothing_is_restored(damage: str, backed_up: Path, target: Server, run: Run) -> None:
    file = backed_up / "databases/mlflow.dump"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "a flipped bit":
        file.write_bytes(content)
    elif damage == "a cut end":
        file.write_bytes(content[:-1])
    else:
        file.unlink()
    for command in ("verify", "restore"):
        outcome = run(command, server=target)
        assert outcome.code == 5, outcome
        assert "databases/mlflow.dump" in outcome.error
    assert tables(target) == []


def test_an_interrupted_backup_is_no_backup(backed_up: Path, target: Server, run: Run) -> None:
    interrupted = backed_up.with_name("2099-01-01T000000Z")
    (interrupted / "databases").mkdir(parents=True)
    (interrupted / "databases/airflow.dump").write_bytes(b"PGDMP")
    listed = run("list").lines
    assert listed[0].startswith(f"{backed_up.name}  ")
    assert listed[1] == "2099-01-01T000000Z  incomplete"
    assert run("restore", server=target).code == 0
    refused = run("restore", interrupted.name, server=target)
    assert refused.code == 5
    assert "is not a complete backup: it has no manifest.json" in refused.error


def test_a_dump_that_fails_leaves_no_manifest(source: Server, run: Run, tmp_path: Path) -> None:
    source.provision("airflow")
    missing = run("run", server=source)
    assert missing.code == 3
    assert "the server has no database mlflow" in missing.error
    source.provision("mlflow")
    with source.connect("mlflow") as session:
        # A catalogue that is broken stands for whatever ends pg_dump.
        session.execute("CREATE TABLE broken AS SELECT 1 AS id")
        session.execute("UPDATE pg_attribute SET atttypid = 999999 WHERE attrelid = 'broken'::regclass")
    failed = run("run", server=source)
    assert failed.code == 3
    assert not list(tmp_path.rglob("manifest.json"))
    assert run("restore", server=source).code == 2


def test_an_archive_that_breaks_off_leaves_what_was_there(backed_up: Path, target: Server, run: Run) -> None:
    """As where a proxy cuts a download: the checksum was right when it was read the first time."""
    target.execute("airflow", "CREATE TABLE kept AS SELECT 1 AS id", user="airflow")
    replace(backed_up, "databases/airflow.dump", lambda content: content[: len(content) * 3 // 4])
    failed = run("restore", "--database", "airflow", "--force", server=target)
    assert failed.code == 3
    assert "pg_restore failed" in failed.error
    assert target.execute("airflow", "SELECT id FROM kept") == [(1,)]


def test_an_error_of_the_server_leaves_what_was_there_and_is_told(backed_up: Path, target: Server, run: Run) -> None:
    target.execute("airflow", "CREATE TABLE kept AS SELECT 1 AS id", user="airflow")
    # A schema that no one may drop stands for whatever a server refuses in the middle.
    target.execute("airflow", "CREATE SCHEMA other", "CREATE TABLE other.t (id int)")
    target.execute(
        "postgres",
        f"CREATE ROLE cloud LOGIN CREATEROLE CREATEDB PASSWORD '{target.password}'",
        "GRANT airflow TO cloud",
        "ALTER DATABASE airflow OWNER TO cloud",
    )
    failed = run("restore", "--database", "airflow", "--force", server=Server(target.port, "cloud"))
    assert failed.code == 3
    assert "psql failed" in failed.error
    assert "must be owner of schema other" in failed.error
    assert target.execute("airflow", "SELECT id FROM kept") == [(1,)]


def test_other_contents_are_told_table_by_table(backed_up: Path, source: Server, run: Run) -> None:
    source.execute(
        "airflow",
        "UPDATE dag SET share = 0.5 WHERE id = 7",
        "DELETE FROM log WHERE id = 3",
        "DROP TABLE connection",
        "CREATE TABLE extra (id int)",
    )
    compared = run("compare", server=source)
    assert compared.code == 7
    assert compared.error == (
        "backup compare: 4 tables differ from the manifest: airflow: public.connection is missing; "
        "airflow: public.dag has the right number of rows, but other contents; "
        "airflow: public.extra is not in the backup; airflow: public.log_1 has 499 rows, not 500"
    )
    assert compared.lines == ["database mlflow: 2 tables, 50 rows, as in the manifest"]


def test_a_manifest_of_another_version_is_refused(backed_up: Path, target: Server, run: Run) -> None:
    path = backed_up / "manifest.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    refused = run("restore", server=target)
    assert refused.code == 5
    assert "has version 2: restore it with the image that made it" in refused.error
    path.write_text("[]")
    assert "is not a manifest" in run("verify").error


def replace(folder: Path, path: str, change: Callable[[bytes], bytes]) -> None:
    """Another content with the checksum to match."""
    content = change((folder / path).read_bytes())
    (folder / path).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    for database in manifest["databases"].values():
        if database["file"]["path"] == path:
            database["file"].update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    (folder / "manifest.json").write_text(json.dumps(manifest))
