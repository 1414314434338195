"""Postgres: the connection (from libpq's own PG* variables), the tables, and what is read and written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql
from psycopg.rows import class_row, scalar_row

from pageviews.errors import DatabaseError

CONNECT_TIMEOUT_SECONDS = 30
"""A node drops a new pod's packets until it knows the NetworkPolicies, which takes seconds on a busy cluster."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE daily_views (
        article text NOT NULL,
        day date NOT NULL,
        views bigint CHECK (views >= 0),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (article, day)
    );
    COMMENT ON TABLE daily_views IS 'Wikipedia articles'' views by people, a row for each day that was asked for';
    COMMENT ON COLUMN daily_views.views IS 'NULL where the API has no data for the day';
    """,
    """
    CREATE TABLE predictions (
        article text NOT NULL,
        forecast_date date NOT NULL,
        day date NOT NULL,
        predicted_views double precision NOT NULL CHECK (predicted_views >= 0),
        model_version integer NOT NULL,
        run_id text NOT NULL,
        predicted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (article, forecast_date, day, model_version),
        CHECK (day >= forecast_date)
    );
    COMMENT ON COLUMN predictions.forecast_date IS 'views before this day were known';
    COMMENT ON COLUMN predictions.model_version IS 'version of the project''s registered model';
    CREATE VIEW current_predictions AS
        SELECT DISTINCT ON (article, day) *
        FROM predictions
        ORDER BY article, day, forecast_date DESC, predicted_at DESC, model_version DESC;
    COMMENT ON VIEW current_predictions IS 'the newest prediction for each article and day';
    """,
)
"""Applied in order, each once; a change to the tables is a new entry at the end."""

CONTENT_TABLES = ("daily_views", "predictions")

_MIGRATION_LOCK = 5_317_204_881


@dataclass(frozen=True)
class DailyViews:
    article: str
    day: date
    views: int | None


@dataclass(frozen=True)
class Prediction:
    article: str
    forecast_date: date
    day: date
    predicted_views: float
    model_version: int
    run_id: str


@contextmanager
def connect(*, with_tables: bool = True) -> Iterator[psycopg.Connection]:
    """A connection to the database, with all tables in place unless told otherwise; it commits where its user says so.

    Raises:
        DatabaseError: for whatever Postgres refuses inside the block.
    """
    try:
        with psycopg.connect(
            autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="pageviews"
        ) as connection:
            if with_tables:
                _migrate(connection)
            yield connection
    except psycopg.Error as error:
        raise DatabaseError(
            f"Postgres at {_address()} failed: {_first_line(error)}; "
            "what was committed is kept: check PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, "
            "or run the same command again when the server is back."
        ) from error


def store_views(connection: psycopg.Connection, article: str, views: Mapping[date, int | None]) -> int:
    """Inserts or corrects the days in one transaction, and returns how many rows that changed.

    A day that the API once had keeps its views when a later answer lacks it.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO daily_views AS stored (article, day, views)
            SELECT %s, day, views FROM unnest(%s::date[], %s::bigint[]) AS asked (day, views)
            ON CONFLICT (article, day) DO UPDATE SET views = excluded.views, updated_at = now()
            WHERE excluded.views IS NOT NULL AND excluded.views IS DISTINCT FROM stored.views
            """,
            (article, list(views.keys()), list(views.values())),
        )
        return cursor.rowcount


def has_views(connection: psycopg.Connection, article: str) -> bool:
    """Whether the API ever had views of the article."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM daily_views WHERE article = %s AND views IS NOT NULL)", (article,))
        return bool(cursor.fetchone())


def asked_days(connection: psycopg.Connection, article: str, first: date, last: date) -> set[date]:
    """Days of the article from `first` to `last` that the API was asked for, with views or without."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        cursor.execute(
            "SELECT day FROM daily_views WHERE article = %s AND day BETWEEN %s AND %s", (article, first, last)
        )
        return set(cursor.fetchall())


def load_views(connection: psycopg.Connection, articles: Sequence[str]) -> list[DailyViews]:
    """All stored days of the articles, missing ones included, in order."""
    with connection.cursor(row_factory=class_row(DailyViews)) as cursor:
        cursor.execute(
            "SELECT article, day, views FROM daily_views WHERE article = ANY(%s) ORDER BY article, day",
            (list(articles),),
        )
        return cursor.fetchall()


def has_predictions(connection: psycopg.Connection) -> bool:
    """Whether the pipeline has ever come to its end in this project."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM predictions)")
        return bool(cursor.fetchone())


def store_predictions(connection: psycopg.Connection, predictions: Sequence[Prediction]) -> None:
    """Writes the predictions in one transaction, over those of the same model for the same forecast date."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO predictions (article, forecast_date, day, predicted_views, model_version, run_id)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (article, forecast_date, day, model_version) DO UPDATE
            SET predicted_views = excluded.predicted_views, run_id = excluded.run_id, predicted_at = now()
            """,
            [
                (one.article, one.forecast_date, one.day, one.predicted_views, one.model_version, one.run_id)
                for one in predictions
            ],
        )


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """The rows of each table with content; 0 where there is no table."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        counts = {}
        for table in CONTENT_TABLES:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (table,))
            is_there = cursor.fetchone()
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            counts[table] = int(cursor.execute(query).fetchone() or 0) if is_there else 0
        return counts


def drop_tables(connection: psycopg.Connection) -> None:
    """Removes everything that `connect` makes, with its content."""
    tables = [sql.Identifier(table) for table in (*CONTENT_TABLES, "pageviews_migrations")]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        cursor.execute("DROP VIEW IF EXISTS current_predictions")
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.SQL(", ").join(tables)))


def _migrate(connection: psycopg.Connection) -> None:
    with connection.transaction(), connection.cursor(row_factory=scalar_row) as cursor:
        # Tasks of several articles or DAGs may start at once.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        cursor.execute("SELECT to_regclass('pageviews_migrations') IS NOT NULL")
        if not cursor.fetchone():
            cursor.execute(
                "CREATE TABLE pageviews_migrations "
                "(version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
            )
        cursor.execute("SELECT coalesce(max(version), 0) FROM pageviews_migrations")
        applied = cursor.fetchone() or 0
        if applied > len(MIGRATIONS):
            raise DatabaseError(
                f"The tables at {_address()} are at version {applied}, and this image knows {len(MIGRATIONS)}: "
                "use the newer image."
            )
        for version, statements in enumerate(MIGRATIONS[applied:], start=applied + 1):
            cursor.execute(statements.encode())
            cursor.execute("INSERT INTO pageviews_migrations (version) VALUES (%s)", (version,))


def _address() -> str:
    host, port = os.environ.get("PGHOST", "the local socket"), os.environ.get("PGPORT", "5432")
    return f"{host}:{port}/{os.environ.get('PGDATABASE', 'the default database')}"


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
