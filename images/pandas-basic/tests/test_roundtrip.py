"""The table through a real Postgres."""

from collections.abc import Iterator

import psycopg
import pytest

from examples.cli import main


@pytest.fixture
def database(environment: pytest.MonkeyPatch, postgres: dict[str, str]) -> Iterator[psycopg.Connection]:
    for name, value in postgres.items():
        environment.setenv(name, value)
    with psycopg.connect(autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS roundtrip")
        yield connection


def roundtrip(step: str, run: str = "run-1", rows: int = 50) -> int:
    return main(["database-roundtrip", step, "--run-id", run, "--rows", str(rows)])


def count(database: psycopg.Connection) -> int:
    [(rows,)] = database.execute("SELECT count(*) FROM roundtrip").fetchall()
    assert isinstance(rows, int)
    return rows


def test_what_is_read_is_what_was_written(
    database: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (roundtrip("write"), roundtrip("read")) == (0, 0)
    assert capsys.readouterr().out.splitlines() == [
        "50 rows written for run run-1",
        "50 rows read for run run-1, each as written; mean root 4.639295",
    ]


def test_a_repeated_write_replaces_its_own_rows_only(database: psycopg.Connection) -> None:
    for run in ("run-1", "run-2", "run-1"):
        assert roundtrip("write", run) == 0
    assert count(database) == 100


def test_rows_older_than_a_week_are_removed(database: psycopg.Connection) -> None:
    assert roundtrip("write", "old") == 0
    database.execute("UPDATE roundtrip SET written_at = now() - interval '8 days'")
    assert roundtrip("write", "new") == 0
    assert count(database) == 50


def test_a_changed_row_is_found(database: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    roundtrip("write")
    database.execute("UPDATE roundtrip SET root = root + 1e-9 WHERE number IN (4, 9)")
    assert roundtrip("read") == 1
    assert capsys.readouterr().err == (
        "examples database-roundtrip: run run-1: 2 of 50 rows differ from those written\n"
    )


def test_missing_rows_are_found(database: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    assert roundtrip("read") == 1
    roundtrip("write", rows=20)
    assert roundtrip("read") == 1
    assert capsys.readouterr().err.splitlines() == [
        "examples database-roundtrip: there is no table roundtrip: "
        "run `examples database-roundtrip write` first",
        "examples database-roundtrip: run run-1 has 20 rows, expected 50",
    ]


def test_a_server_that_is_not_there(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("PGHOST", "127.0.0.1")
    environment.setenv("PGPORT", "1")
    assert roundtrip("write") == 1
    error = capsys.readouterr().err
    assert error.startswith(
        "examples database-roundtrip: Postgres rejects this task's connection: connection failed: "
    )
    assert error.count("\n") == 1


@pytest.mark.parametrize("rows", ["0", "-1", "many"])
def test_rows_must_be_a_number(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["database-roundtrip", "write", "--run-id", "run-1", f"--rows={rows}"])
    assert f"'{rows}' is not a number of rows: expected at least 1" in capsys.readouterr().err
