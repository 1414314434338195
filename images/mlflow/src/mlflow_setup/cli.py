"""`mlflow-setup`: the schemas and the administrator, before the server starts.

The server itself refuses a tracking schema that is older than it, and reads
the administrator's password only while there is no such user. This command
upgrades both schemas and sets the password, so that an upgrade and a changed
Secret need one Job and no visit. It runs again at any time.

It uses MLflow's internal functions, which the exact pin of MLflow's version
and the tests make safe: the public commands take a database's URL as argument
only, and have none for the password.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence

import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

REPORT_EVERY_SECONDS = 10.0
# Refusals that pass by themselves; a connection that fails has no code to go by.
PASSING_REFUSALS = ("starting up", "shutting down", "not yet accepting", "recovery", "too many clients")


class SetupError(Exception):
    """An expected failure; its text is the one sentence that the command prints."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        prepare(options.timeout_seconds)
    except SetupError as error:
        print(f"mlflow-setup: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(timeout_seconds: float) -> None:
    tracking_uri = _required("MLFLOW_BACKEND_STORE_URI")
    config_path = _required("MLFLOW_AUTH_CONFIG_PATH")
    _required("MLFLOW_AUTH_ADMIN_PASSWORD")
    if not os.access(config_path, os.R_OK):
        raise SetupError(f"MLFLOW_AUTH_CONFIG_PATH names {config_path}, which cannot be read")
    # Importing MLflow takes seconds, which --help and the checks above need not wait for.
    from mlflow.server.auth.config import read_auth_config

    try:
        auth = read_auth_config()
    except (KeyError, ValueError) as error:
        raise SetupError(f"{config_path} lacks or misspells {error}; it needs a section [mlflow]") from error
    with _engine(tracking_uri, timeout_seconds) as engine:
        print(f"tracking schema: {_upgrade(engine, upgrade_tracking, 'alembic_version')}", flush=True)
    with _engine(auth.database_uri, timeout_seconds) as engine:
        print(f"users' schema: {_upgrade(engine, upgrade_users, 'alembic_version_auth')}", flush=True)
    name, password = auth.admin_username, auth.admin_password
    if not name or not password:
        raise SetupError(f"{config_path} lacks admin_username")
    print(f"user {name}: {apply_administrator(auth.database_uri, name, password)}", flush=True)


def upgrade_tracking(engine: sqlalchemy.Engine) -> None:
    from mlflow.store.db import utils

    # `mlflow db upgrade` takes a database with any table for one of its own, even where the
    # users' tables came first; creating the first tables leaves existing ones alone.
    if _version(engine, "alembic_version") is None:
        utils._initialize_tables(engine)
    else:
        utils._upgrade_db(engine)


def upgrade_users(engine: sqlalchemy.Engine) -> None:
    from mlflow.server.auth.db import utils

    utils.migrate(engine, "head")


def apply_administrator(database_uri: str, name: str, password: str) -> str:
    """Creates the administrator or sets its password; says which."""
    from mlflow.exceptions import MlflowException
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore()
    store.init_db(database_uri)
    try:
        if not store.has_user(name):
            store.create_user(name, password, is_admin=True)
            return "created"
        if store.authenticate_user(name, password) and store.get_user(name).is_admin:
            return "unchanged"
        store.update_user(name, password=password, is_admin=True)
        return "password set"
    except MlflowException as error:
        raise SetupError(f"MLflow rejects MLFLOW_AUTH_ADMIN_PASSWORD: {error.message}") from error
    finally:
        store.engine.dispose()


def _upgrade(engine: sqlalchemy.Engine, upgrade: Callable[[sqlalchemy.Engine], None], table: str) -> str:
    before = _version(engine, table)
    upgrade(engine)
    after = _version(engine, table)
    if before == after:
        return f"unchanged at {after}"
    return f"upgraded from {before} to {after}" if before else f"created at {after}"


def _version(engine: sqlalchemy.Engine, table: str) -> str | None:
    if not sqlalchemy.inspect(engine).has_table(table):
        return None
    column: sqlalchemy.ColumnClause[str] = sqlalchemy.column("version_num")
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.select(column).select_from(sqlalchemy.table(table))).scalar()


class _engine:
    """An engine whose database answers, for the length of a `with`."""

    def __init__(self, uri: str, timeout_seconds: float) -> None:
        try:
            self._engine = sqlalchemy.create_engine(uri)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise SetupError(
                f"the database's URI cannot be used: {error}; write postgresql+psycopg2://"
            ) from error
        self._timeout_seconds = timeout_seconds

    def __enter__(self) -> sqlalchemy.Engine:
        started = reported = time.monotonic()
        while True:
            try:
                self._engine.connect().close()
                return self._engine
            except OperationalError as error:
                reason = " ".join(str(error.orig).split())
                if "FATAL" in reason and not any(passing in reason for passing in PASSING_REFUSALS):
                    raise SetupError(f"the database rejects the connection: {reason}") from error
                now = time.monotonic()
                if now - started >= self._timeout_seconds:
                    raise SetupError(
                        f"the database did not answer within {self._timeout_seconds:g} s: {reason}"
                    ) from error
                if now - reported >= REPORT_EVERY_SECONDS:
                    reported = now
                    print(f"waiting for the database, {now - started:.0f} s: {reason}", flush=True)
                time.sleep(1)

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()


def _required(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise SetupError(f"the environment variable {variable} is not set")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlflow-setup",
        description="Upgrades MLflow's schemas and sets the administrator's password. Reads "
        "MLFLOW_BACKEND_STORE_URI, MLFLOW_AUTH_CONFIG_PATH and MLFLOW_AUTH_ADMIN_PASSWORD; with the URI "
        "postgresql+psycopg2:// the connection comes from libpq's own variables, PGHOST and so on. "
        "Back up the database first: schemas only go forward.",
    )
    parser.add_argument(
        "--timeout-seconds",
        type=float,
        default=300.0,
        metavar="N",
        help="how long to wait for the database (default: 300)",
    )
    return parser
