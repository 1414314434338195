"""The Job: look, refuse or change."""

from pathlib import Path

from provision.postgres.databases import apply_database, close_shared_databases, report_limits
from provision.postgres.inventory import take_inventory
from provision.postgres.problems import refuse_problems, refuse_to_retire
from provision.postgres.removed import remove_roles
from provision.postgres.roles import apply_role, retire_logins
from provision.postgres.server import connect_as_admin, refusals
from provision.postgres.settings import Settings
from provision.spec import load
from provision.wait import wait_for

# A member may read every statistic; it is also let into every database here,
# because an exporter collects them database by database.
MONITOR = "pg_monitor"


def run(spec: Path, timeout_seconds: float) -> None:
    """Makes roles and databases; changes nothing where anything of them is another platform's."""
    settings = load(spec, Settings)
    with refusals(), wait_for("Postgres", connect_as_admin, timeout_seconds) as admin:
        inventory = take_inventory(admin, settings.roles)
        refuse_problems(admin, settings, inventory)
        for role in settings.roles:
            apply_role(admin, role, inventory, settings.sign)
        monitors = [role.name for role in settings.roles if MONITOR in role.member_of]
        for role in settings.roles:
            if role.database is not None:
                apply_database(admin, role, role.database, inventory, monitors, settings)
        if settings.has_own_server:
            close_shared_databases(admin, inventory, monitors)
        remove_roles(admin, settings.removed_roles, settings.sign)
        report_limits(admin, settings.roles)


def retire(spec: Path, timeout_seconds: float) -> None:
    """Takes every login but the spec's from its roles."""
    settings = load(spec, Settings)
    with refusals(), wait_for("Postgres", connect_as_admin, timeout_seconds) as admin:
        inventory = take_inventory(admin, settings.roles)
        refuse_to_retire(settings, inventory)
        for role in settings.roles:
            retire_logins(admin, role, inventory)
