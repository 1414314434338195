"""Roles that nothing of the platform uses any more."""

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from postgres_cases import STAGING, Postgres, as_superuser, generation, login, run

if TYPE_CHECKING:
    from conftest import Workspace

ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'exporter%' ORDER BY 1"


def without_exporter(workspace: "Workspace", number: int, **more: Any) -> dict[str, Any]:
    content = generation(workspace, number, **more)
    roles = [role for role in content["roles"] if role["name"] != "exporter"]
    return {**content, "roles": roles, "removedRoles": ["exporter"]}


def test_a_removed_role_goes_with_its_logins_and_may_come_back(
    admin: Postgres, workspace: "Workspace"
) -> None:
    run(workspace, generation(workspace, 1))
    run(workspace, generation(workspace, 2))
    as_superuser(admin, "CREATE ROLE exporter_of_a_team LOGIN")
    with login(admin, "exporter_g1", "airflow", "exporter-1"):
        outcome = run(workspace, without_exporter(workspace, 2))
    assert [line for line in outcome.lines if "exporter" in line] == [
        "role exporter_g1: removed, since nothing uses it",
        "role exporter_g2: removed, since nothing uses it",
        "role exporter: removed, since nothing uses it",
    ]
    assert as_superuser(admin, ROLES) == [("exporter_of_a_team",)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login(admin, "exporter_g2", "airflow", "exporter-2")
    again = run(workspace, without_exporter(workspace, 2))
    assert not any("exporter" in line for line in again.lines)
    run(workspace, generation(workspace, 3))
    login(admin, "exporter_g3", "airflow", "exporter-3").close()


def test_another_platforms_role_of_the_name_stays(admin: Postgres, workspace: "Workspace") -> None:
    theirs = generation(workspace, 1, platform=STAGING)
    run(workspace, {**theirs, "roles": [role for role in theirs["roles"] if role["name"] == "exporter"]})
    run(workspace, without_exporter(workspace, 1))
    assert as_superuser(admin, ROLES) == [("exporter",), ("exporter_g1",)]
