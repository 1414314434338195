"""Roles that nothing of the platform uses any more, such as the exporter's in a stack without metrics."""

import re
from contextlib import suppress

from psycopg import errors, sql

from provision.postgres.roles import drop
from provision.postgres.server import Connection, report
from provision.postgres.sign import sign_of
from provision.sign import Sign


def remove_roles(admin: Connection, names: tuple[str, ...], sign: Sign) -> None:
    """Drops these roles and their logins where this platform has signed them; others stay as they are."""
    for name in names:
        for found in _signed(admin, name, sign):
            _revoke_databases(admin, found)
            report(f"role {found}: {drop(admin, found)}, since nothing uses it")


def _signed(admin: Connection, name: str, sign: Sign) -> list[str]:
    """The role after its logins of every generation."""
    pattern = re.compile(rf"{re.escape(name)}(_g[0-9]+)?")
    rows = admin.execute(
        "SELECT rolname, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE starts_with(rolname, %s)"
        " ORDER BY length(rolname) DESC, rolname",
        [name],
    )
    signs = {str(found): sign_of(None if comment is None else str(comment)) for found, comment in rows}
    return [found for found, its in signs.items() if pattern.fullmatch(found) and its and its.id == sign.id]


def _revoke_databases(admin: Connection, name: str) -> None:
    """A right on a database keeps a role from being dropped."""
    rows = admin.execute(
        "SELECT DISTINCT datname FROM pg_database, aclexplode(datacl) JOIN pg_roles r ON r.oid = grantee"
        " WHERE rolname = %s",
        [name],
    ).fetchall()
    for (database,) in rows:
        # What another administrator has granted stays, and with it the role, without its login.
        with suppress(errors.InsufficientPrivilege):
            admin.execute(
                sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(
                    sql.Identifier(str(database)), sql.Identifier(name)
                )
            )
