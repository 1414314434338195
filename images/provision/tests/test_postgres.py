"""Roles and databases on a real server, with a superuser and as managed services allow."""

import os
import re

import psycopg
import pytest
from psycopg import sql

from conftest import Workspace
from postgres_cases import (
    PASSWORDS,
    Postgres,
    as_superuser,
    generation,
    login,
    platform,
    role,
    run,
    spec,
    state,
)
from provision.postgres import job


def test_each_client_has_a_database_to_make_tables_in(admin: Postgres, workspace: Workspace) -> None:
    outcome = run(workspace, platform(workspace))
    assert outcome.lines == [
        "role airflow: created",
        "role page views: created",
        "role exporter: created",
        "role exporter: member of pg_monitor",
        "database airflow: created, open to airflow, exporter",
        "database page-views: created, open to page views, exporter",
        *closed(),
    ]
    for name, database in (("airflow", "airflow"), ("page views", "page-views")):
        with login(admin, name, database) as connection:
            connection.execute("CREATE TABLE kept (id int)")
            connection.execute("CREATE TEMPORARY TABLE scratch (id int)")


def test_a_second_run_keeps_everything(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, platform(workspace))
    with login(admin, "airflow", "airflow") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        before = state(admin)
        outcome = run(workspace, platform(workspace))
        # The open connection survives, too.
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
    # A password's hash has a salt of its own each time.
    assert without_hashes(state(admin)) == without_hashes(before)
    assert outcome.lines == [
        "role airflow: password set",
        "role page views: password set",
        "role exporter: password set",
        "role exporter: member of pg_monitor, unchanged",
        "database airflow: unchanged, open to airflow, exporter",
        "database page-views: unchanged, open to page views, exporter",
    ]


def test_a_role_reaches_no_other_database(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, platform(workspace))
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        login(admin, "page views", "airflow")
    with login(admin, "exporter", "airflow") as connection:
        connection.execute("SELECT * FROM pg_stat_activity")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE intruder (id int)")


def test_no_role_gets_more_than_the_spec_says(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, platform(workspace))
    query = (
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit,"
        " pg_has_role(rolname, 'pg_monitor', 'MEMBER') FROM pg_roles"
        " WHERE rolname IN ('airflow', 'page views', 'exporter') ORDER BY rolname"
    )
    assert as_superuser(admin, query) == [
        ("airflow", False, False, False, False, False, 60, False),
        ("exporter", False, False, False, False, False, -1, True),
        ("page views", False, False, False, False, False, -1, False),
    ]
    # An empty name in an access list means PUBLIC.
    public = (
        "SELECT privilege_type FROM pg_database, aclexplode(datacl) WHERE datname = 'airflow' AND grantee = 0"
    )
    assert as_superuser(admin, public) == []
    create = (
        "SELECT privilege_type FROM pg_namespace, aclexplode(nspacl)"
        " WHERE nspname = 'public' AND grantee = 0 AND privilege_type = 'CREATE'"
    )
    assert as_superuser(admin, create, database="airflow") == []


def test_password_and_limit_follow_the_spec(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, platform(workspace))
    changed = role(workspace, "airflow", "airflow", connectionLimit=7, password="rotated")
    run(workspace, spec(changed))
    login(admin, "airflow", "airflow", "rotated").close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login(admin, "airflow", "airflow")
    limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'airflow'"
    assert as_superuser(admin, limit) == [(7,)]


def test_two_generations_log_in_as_one_role_until_the_old_one_is_retired(
    admin: Postgres, workspace: Workspace
) -> None:
    run(workspace, generation(workspace, 1))
    with login(admin, "airflow_g1", "airflow", "airflow-1") as old:
        old.execute("CREATE TABLE kept AS SELECT 1 AS id")
        run(workspace, generation(workspace, 2))
        with login(admin, "airflow_g2", "airflow", "airflow-2") as new:
            # The new one changes what the old one made, and the other way round.
            new.execute("ALTER TABLE kept ADD COLUMN note text")
            new.execute("CREATE TABLE later (id int)")
        old.execute("DROP TABLE later")
        assert old.execute("SELECT current_user, session_user").fetchone() == ("airflow", "airflow_g1")
    outcome = run(workspace, generation(workspace, 2), "--retire")
    assert outcome.lines == ["role airflow_g1: removed", "role exporter_g1: removed"]
    for name in ("airflow_g1", "airflow"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            login(admin, name, "airflow", "airflow-1")
    with login(admin, "airflow_g2", "airflow", "airflow-2") as new:
        assert new.execute("SELECT id FROM kept").fetchall() == [(1,)]
    again = run(workspace, generation(workspace, 2), "--retire")
    assert again.lines == [
        "role airflow: only airflow_g2 can log in",
        "role exporter: only exporter_g2 can log in",
    ]


def test_the_exporter_of_a_generation_reads_every_statistic(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, generation(workspace, 1))
    with login(admin, "exporter_g1", "airflow", "exporter-1") as connection:
        assert connection.execute("SELECT pg_has_role('pg_monitor', 'USAGE')").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE intruder (id int)")


@pytest.mark.parametrize("admin", ["managed"], indirect=True)
def test_a_membership_that_the_server_refuses_stops_no_platform(
    admin: Postgres, workspace: Workspace
) -> None:
    # Every version refuses this one to an administrator of a managed server, and some refuse pg_monitor.
    exporter = role(workspace, "exporter", None, memberOf=["postgres", "pg_monitor"], connectionLimit=None)
    outcome = run(workspace, spec(role(workspace, "airflow", "airflow"), exporter))
    assert outcome.lines[:5] == [
        "role airflow: created",
        "role exporter: created",
        "WARNING: role exporter: not a member of postgres, since the server does not let manager grant it. "
        "Metrics of Postgres are incomplete until an administrator who may runs: "
        'GRANT postgres TO "exporter"',
        "role exporter: member of pg_monitor",
        "database airflow: created, open to airflow, exporter",
    ]


def test_a_role_that_logged_in_itself_does_so_until_it_is_retired(
    admin: Postgres, workspace: Workspace
) -> None:
    run(workspace, spec(role(workspace, "airflow", "airflow")))
    run(workspace, generation(workspace, 1))
    login(admin, "airflow", "airflow").close()
    outcome = run(workspace, generation(workspace, 1), "--retire")
    assert outcome.lines[0] == "role airflow: can no longer log in"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login(admin, "airflow", "airflow")


def test_a_login_that_owns_something_is_refused_and_stays(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, generation(workspace, 1))
    with login(admin, "airflow_g1", "airflow", "airflow-1") as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO airflow_g1")
        connection.execute("RESET SESSION AUTHORIZATION")
        connection.execute("SET ROLE NONE")
        connection.execute("CREATE TABLE own (id int)")
    run(workspace, generation(workspace, 2))
    outcome = run(workspace, generation(workspace, 2), "--retire")
    assert outcome.lines[0] == "role airflow_g1: can no longer log in; it still owns objects"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login(admin, "airflow_g1", "airflow", "airflow-1")


def test_the_administrator_gets_the_new_password_by_the_previous_one(
    admin: Postgres, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, old = os.environ["PGUSER"], os.environ["PGPASSWORD"]
    monkeypatch.setenv("PGPASSWORD", "renewed-administrator")
    monkeypatch.setenv("PREVIOUS_PGPASSWORD", old)
    shared = spec(server="shared")
    try:
        assert run(workspace, shared).lines == [f"administrator {user}: password set"]
        assert run(workspace, shared).lines == []
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            login(admin, user, "postgres", old)
    finally:
        with login(admin, user, "postgres", "renewed-administrator") as connection:
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), old))


def test_a_password_appears_neither_in_the_output_nor_in_the_server_log(
    admin: Postgres, workspace: Workspace
) -> None:
    outcome = run(workspace, platform(workspace))
    log = admin.log.read_text()
    assert "CREATE ROLE" in log
    assert "SCRAM-SHA-256$" in log
    for password in PASSWORDS.values():
        assert password not in "\n".join(outcome.lines)
        assert password not in log
        assert password.replace("'", "''") not in log


def test_the_password_of_an_administrator_is_left_alone(admin: Postgres, workspace: Workspace) -> None:
    administrators = [
        name for (name,) in as_superuser(admin, "SELECT rolname FROM pg_roles WHERE rolcreaterole")
    ]
    for name in administrators:
        entry = {**role(workspace, "mlflow", None), "name": name}
        outcome = workspace.run("postgres", spec(entry))
        assert outcome.code == 1
        assert outcome.error == (
            f"provision postgres: nothing was changed: role {name} administers this server; "
            "name another one in the spec"
        )


def test_a_refused_statement_is_one_sentence(admin: Postgres, workspace: Workspace) -> None:
    entry = role(workspace, "airflow", "airflow", memberOf=["no such group"])
    outcome = workspace.run("postgres", spec(entry))
    assert outcome.code == 1
    assert outcome.error == 'provision postgres: Postgres says: role "no such group" does not exist'


REJECTED = "Postgres rejects the administrator's connection"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("PGPASSWORD", "wrong", f"{REJECTED}.*password authentication failed"),
        ("PGDATABASE", "nowhere", f'{REJECTED}.*database "nowhere" does not exist'),
        ("PGSSLMODE", "require", "TLS to Postgres fails: .*server does not support SSL"),
    ],
)
def test_what_time_does_not_cure_fails_at_once(
    admin: Postgres,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(job, "wait_for", lambda _what, attempt, _seconds: attempt())
    outcome = workspace.run("postgres", spec())
    assert outcome.code == 1
    assert re.search(message, outcome.error)


def test_names_are_quoted(admin: Postgres, workspace: Workspace) -> None:
    hostile = 'a"; DROP ROLE airflow; --'
    entry = {**role(workspace, "mlflow", hostile), "name": hostile}
    run(workspace, spec(role(workspace, "airflow", None), entry))
    names = [name for (name,) in as_superuser(admin, "SELECT rolname FROM pg_roles")]
    assert {"airflow", hostile} <= set(names)
    drop = sql.SQL("DROP DATABASE {}").format(sql.Identifier(hostile)).as_string()
    as_superuser(admin, drop, sql.SQL("DROP ROLE {}").format(sql.Identifier(hostile)).as_string())


def closed() -> list[str]:
    """What is said of the databases that everyone may enter by default."""
    user = os.environ["PGUSER"]
    return [f"database {name}: closed to everyone but {user}, exporter" for name in ("postgres", "template1")]


def without_hashes(states: list[list[tuple[object, ...]]]) -> list[object]:
    roles, *others = states
    return [[(*row[:3], *row[4:]) for row in roles], *others]
