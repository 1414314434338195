"""Two platforms on one server: what one has signed the other leaves alone."""

import os
from pathlib import Path

import psycopg
import pytest

from conftest import Workspace
from postgres_cases import (
    PRODUCTION,
    SIGN,
    STAGING,
    Postgres,
    as_superuser,
    generation,
    login,
    role,
    run,
    spec,
    state,
)
from provision.postgres import job, problems

COMMENTS = """
    SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname ~ '^(airflow|exporter)'
    UNION SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'airflow'"""


def test_roles_and_databases_carry_the_platforms_sign(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, generation(workspace, 1))
    run(workspace, generation(workspace, 2))
    assert as_superuser(admin, COMMENTS) == [(SIGN,)]
    counted = "SELECT count(*) FROM pg_shdescription WHERE description LIKE '%5b2d6c0e7f318a94%'"
    assert as_superuser(admin, counted) == [(7,)]


@pytest.mark.parametrize("server", ["own", "shared"])
def test_a_second_platform_ends_with_a_sentence_and_changes_nothing(
    admin: Postgres, workspace: Workspace, server: str
) -> None:
    staging = {"password": "staging-{name}", "platform": STAGING, "server": server}
    run(workspace, generation(workspace, 1, **staging))
    before = state(admin)
    for options in ((), ("--retire",)):
        outcome = workspace.run("postgres", generation(workspace, 1, server=server), *options)
        assert outcome.code == 1
        assert outcome.lines == []
        assert outcome.error == (
            "provision postgres: nothing was changed: database airflow, role airflow, role airflow_g1, "
            "role exporter and role exporter_g1 belong to the platform of stack "
            "organization/mlops/staging, whose ID is aa01bb02cc03dd04: set postgres.prefix to give this "
            "platform its own names, or, if that platform no longer exists and this one takes over its "
            "data, set platformId to aa01bb02cc03dd04"
        )
        assert state(admin) == before
    login(admin, "airflow_g1", "airflow", "staging-airflow").close()
    # What the sentence says to set: names of its own, or the other's ID.
    run(
        workspace,
        spec(role(workspace, "production_airflow", "production_airflow", password="p"), server=server),
    )
    login(admin, "production_airflow", "production_airflow", "p").close()
    login(admin, "airflow_g1", "airflow", "staging-airflow").close()
    taken = {"id": STAGING["id"], "stack": PRODUCTION["stack"]}
    run(workspace, generation(workspace, 1, platform=taken, server=server))
    login(admin, "airflow_g1", "airflow", "airflow-1").close()


def test_one_conflict_stops_everything_and_all_are_told(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, spec(role(workspace, "mlflow", "mlflow"), platform=STAGING))
    other = {"id": "0000000000000000", "stack": "organization/mlops/trial"}
    run(workspace, spec(role(workspace, "page views", None), platform=other))
    before = state(admin)
    of = "the platform of stack"
    names = {"airflow": "airflow", "mlflow": "mlflow", "page views": "page-views"}
    outcome = workspace.run("postgres", spec(*(role(workspace, *each) for each in names.items())))
    assert outcome.code == 1
    assert (
        "database mlflow and role mlflow belong to the platform of stack organization/mlops/staging"
        in outcome.error
    )
    assert f"role page views belongs to {of} organization/mlops/trial" in outcome.error
    assert state(admin) == before


def test_two_first_deployments_at_once_do_not_take_each_other_over(
    admin: Postgres, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = problems.refuse_problems

    def another_meanwhile(*args: object) -> None:
        look(*args)  # type: ignore[arg-type]
        monkeypatch.setattr(job, "refuse_problems", look)
        run(workspace, generation(workspace, 1, password="staging-{name}", platform=STAGING, server="shared"))

    monkeypatch.setattr(job, "refuse_problems", another_meanwhile)
    outcome = workspace.run("postgres", generation(workspace, 1, server="shared"))
    assert outcome.code == 1
    assert outcome.error == 'provision postgres: Postgres says: role "airflow" already exists'
    login(admin, "airflow_g1", "airflow", "staging-airflow").close()


def test_what_others_wrote_in_a_comment_stays(admin: Postgres, workspace: Workspace) -> None:
    as_superuser(admin, "CREATE ROLE airflow", "COMMENT ON ROLE airflow IS 'of the data team'")
    make_admin_of(admin, "airflow")
    run(workspace, generation(workspace, 1))
    query = "SELECT shobj_description('airflow'::regrole, 'pg_authid')"
    assert as_superuser(admin, query) == [(f"of the data team\n{SIGN}",)]


def test_on_a_shared_server_an_unsigned_role_is_refused(admin: Postgres, workspace: Workspace) -> None:
    as_superuser(
        admin, "CREATE ROLE airflow LOGIN PASSWORD 'theirs'", "CREATE DATABASE airflow OWNER airflow"
    )
    before = state(admin)
    outcome = workspace.run("postgres", generation(workspace, 1, server="shared"))
    assert outcome.code == 1
    statements = " ".join(f"COMMENT ON {kind} \"airflow\" IS '{SIGN}';" for kind in ("DATABASE", "ROLE"))
    assert outcome.error.startswith(
        "provision postgres: nothing was changed: no platform has signed database airflow and role airflow, "
        "and this platform's password opens none of them: set postgres.prefix to give this platform its own "
        f"names, or, if they belong to this platform, sign them: {statements}"
    )
    assert state(admin) == before
    # Signed as the sentence says, by somebody who may.
    as_superuser(admin, *statements.split(" COMMENT")[:1], f"COMMENT{statements.split(' COMMENT')[1]}")
    make_admin_of(admin, "airflow")
    outcome = run(workspace, generation(workspace, 1, server="shared"))
    assert any("now of" in line for line in outcome.lines)


def test_on_a_shared_server_a_database_of_others_is_not_taken_for_being_open(
    admin: Postgres, workspace: Workspace
) -> None:
    """Everyone may connect to a new database, this platform's logins among them."""
    run(workspace, spec(role(workspace, "airflow", None), server="shared"))
    as_superuser(admin, "CREATE ROLE somebody", "CREATE DATABASE airflow OWNER somebody")
    outcome = workspace.run("postgres", spec(role(workspace, "airflow", "airflow"), server="shared"))
    assert outcome.code == 1
    assert "no platform has signed database airflow, and this platform's password opens none" in outcome.error


def test_a_server_that_trusts_everyone_proves_nothing(admin: Postgres, workspace: Workspace) -> None:
    as_superuser(admin, "CREATE ROLE airflow NOLOGIN", "CREATE ROLE airflow_g1 LOGIN IN ROLE airflow")
    [(path,)] = as_superuser(admin, "SHOW hba_file")
    rules = Path(path).read_text()
    try:
        Path(path).write_text(f"host all airflow_g1 127.0.0.1/32 trust\n{rules}")
        as_superuser(admin, "SELECT pg_reload_conf()")
        wait_until_trusted(admin)
        outcome = workspace.run("postgres", generation(workspace, 1, server="shared"))
    finally:
        Path(path).write_text(rules)
        as_superuser(admin, "SELECT pg_reload_conf()")
    assert outcome.code == 1
    assert "no platform has signed role airflow and role airflow_g1" in outcome.error


def wait_until_trusted(admin: Postgres) -> None:
    for _ in range(50):
        try:
            return login(admin, "airflow_g1", "postgres", "any").close()
        except psycopg.OperationalError:
            continue
    raise AssertionError("the server does not trust")


def test_a_database_that_the_administrator_may_not_take_is_named(
    admin: Postgres, workspace: Workspace
) -> None:
    as_superuser(admin, "CREATE ROLE somebody", "CREATE DATABASE airflow OWNER somebody")
    outcome = workspace.run("postgres", spec(role(workspace, "airflow", "airflow")))
    if os.environ["PGUSER"] == "postgres":
        assert outcome.code == 0
        return
    assert outcome.error == (
        "provision postgres: nothing was changed: database airflow belongs to somebody, which manager "
        "may not change: set postgres.prefix, or hand it over with "
        'ALTER DATABASE "airflow" OWNER TO "manager"'
    )


@pytest.mark.parametrize("name", ["postgres", "template1"])
def test_the_servers_own_databases_are_no_clients(admin: Postgres, workspace: Workspace, name: str) -> None:
    outcome = workspace.run("postgres", spec(role(workspace, "airflow", name)))
    assert f"database {name} is the server's own: set another postgres.prefix" in outcome.error


def test_retiring_waits_for_the_sign(admin: Postgres, workspace: Workspace) -> None:
    as_superuser(admin, "CREATE ROLE airflow", "CREATE ROLE airflow_g1 LOGIN IN ROLE airflow")
    outcome = workspace.run("postgres", generation(workspace, 2), "--retire")
    assert outcome.error == (
        "provision postgres: nothing was changed: this platform has not signed role airflow and "
        "role airflow_g1 yet: run `make up` first"
    )


def make_admin_of(server: Postgres, name: str) -> None:
    """Lets an administrator without superuser change a role that another has made."""
    user = os.environ["PGUSER"]
    if user != "postgres":
        as_superuser(server, f"GRANT {name} TO {user} WITH ADMIN OPTION")
