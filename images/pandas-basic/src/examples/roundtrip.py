"""A table through Postgres and back, in two steps: what is read must be what was written, to the last bit."""

import numpy as np
import pandas as pd
import psycopg

from examples.errors import ExampleError

TABLE = """
CREATE TABLE IF NOT EXISTS roundtrip (
  run_id text NOT NULL,
  number integer NOT NULL,
  root double precision NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, number)
)"""


def expected(rows: int) -> pd.DataFrame:
    """Numbers and their square roots, most of which no decimal text of few digits can hold."""
    number = np.arange(rows, dtype="int64")
    return pd.DataFrame({"number": number, "root": np.sqrt(number)})


def write(run_id: str, rows: int) -> None:
    """Puts the table into Postgres under the run's id, in place of what an earlier try wrote."""
    with _connect() as connection, connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(
            "DELETE FROM roundtrip WHERE run_id = %s OR written_at < now() - interval '7 days'", [run_id]
        )
        with cursor.copy("COPY roundtrip (run_id, number, root) FROM STDIN") as copy:
            for number, root in expected(rows).itertuples(index=False):
                copy.write_row((run_id, number, root))
    print(f"{rows} rows written for run {run_id}")


def read(run_id: str, rows: int) -> None:
    """Loads the run's rows and compares them. Raises ExampleError where they differ."""
    with _connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('roundtrip') IS NOT NULL")
        if cursor.fetchone() != (True,):
            raise ExampleError("there is no table roundtrip: run `examples database-roundtrip write` first")
        cursor.execute("SELECT number, root FROM roundtrip WHERE run_id = %s ORDER BY number", [run_id])
        found = pd.DataFrame(cursor.fetchall(), columns=["number", "root"])
    wanted = expected(rows)
    if len(found) != rows:
        raise ExampleError(f"run {run_id} has {len(found)} rows, expected {rows}")
    different = int((found.to_numpy() != wanted.to_numpy()).any(axis=1).sum())
    if different:
        raise ExampleError(f"run {run_id}: {different} of {rows} rows differ from those written")
    print(f"{rows} rows read for run {run_id}, each as written; mean root {found['root'].mean():.6f}")


def _connect() -> psycopg.Connection:
    try:
        # A new pod's packets are dropped until its node knows its NetworkPolicies.
        return psycopg.connect(connect_timeout=30)
    except psycopg.OperationalError as error:
        raise ExampleError(
            f"Postgres rejects this task's connection: {' '.join(str(error).split())}"
        ) from None
