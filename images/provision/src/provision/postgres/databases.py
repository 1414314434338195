"""Databases: whose they are, who may connect, what the platform makes in them."""

from psycopg import sql

from provision.postgres.inventory import Existing, Inventory
from provision.postgres.roles import TAKEN_OVER
from provision.postgres.server import Connection, connect, one, report
from provision.postgres.settings import Role, Settings
from provision.postgres.sign import signed

# Everyone may connect to these by default, and one who stays in template1 keeps others from copying it.
SHARED_DATABASES = ("postgres", "template1")
# Postgres makes it in every database.
BUILT_IN_EXTENSION = "plpgsql"


def apply_database(
    admin: Connection, role: Role, name: str, inventory: Inventory, monitors: list[str], settings: Settings
) -> None:
    """Creates the database or takes it over; its client may connect and make tables, and no more."""
    existing = inventory.databases.get(name)
    if not inventory.is_superuser:
        # Without superuser, only a member of a role may take its database or read its tables for a backup.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role.name)))
    if existing is None:
        # No session can be in template0, so that none delays this.
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    allowed = [role.name, *(monitor for monitor in monitors if monitor != role.name)]
    with admin.transaction():
        changes = _apply_rights(admin, role, name, existing, monitors, inventory, settings)
    with connect(name) as inside:
        inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        inside.execute(
            sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(role.name))
        )
        made, others = _apply_extensions(inside, settings.extensions)
    report(f"database {name}: {', '.join([*changes, *made])}, open to {', '.join(allowed)}")
    if others:
        report(f"database {name}: also has {', '.join(others)}, which postgres.extensions does not name")


def _apply_rights(
    admin: Connection,
    role: Role,
    name: str,
    existing: Existing | None,
    monitors: list[str],
    inventory: Inventory,
    settings: Settings,
) -> list[str]:
    """Tells what has changed."""
    target, client = sql.Identifier(name), sql.Identifier(role.name)
    statements = []
    if existing is not None and existing.owner != inventory.administrator:
        statements.append(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(target))
    statements += [
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(target),
        sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(target, client),
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(target, client),
        *(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(target, sql.Identifier(monitor))
            for monitor in monitors
        ),
    ]
    if existing is None or existing.sign != settings.sign:
        comment = sql.Literal(signed(existing.comment if existing else None, settings.sign))
        statements.append(sql.SQL("COMMENT ON DATABASE {} IS {}").format(target, comment))
    for statement in statements:
        admin.execute(statement)
    if existing is None:
        return ["created"]
    changes = [TAKEN_OVER] if existing.sign is None else []
    if existing.owner != inventory.administrator:
        changes.append(f"now of {inventory.administrator}, the tables still of {existing.owner}")
    return changes or ["unchanged"]


def _apply_extensions(inside: Connection, wanted: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The created extensions, and those that are not configured."""
    present = [str(name) for (name,) in inside.execute("SELECT extname FROM pg_extension ORDER BY 1")]
    missing = [name for name in wanted if name not in present]
    with inside.transaction():
        # Where an extension may live anywhere, it is found without another search path.
        inside.execute("SET LOCAL search_path = public")
        for name in missing:
            inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    others = [name for name in present if name not in (*wanted, BUILT_IN_EXTENSION)]
    return [f"extension {name} created" for name in missing], others


def close_shared_databases(admin: Connection, inventory: Inventory, monitors: list[str]) -> None:
    """Lets only the administrator and the monitors into the databases that everyone may enter by default."""
    for name in SHARED_DATABASES:
        row = admin.execute(
            "SELECT has_database_privilege('public', oid, 'CONNECT'), pg_has_role(datdba, 'USAGE'),"
            " pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        if row is None:
            continue
        is_open, may_close, owner = row
        if not may_close:
            if is_open:
                report(f"database {name}: stays open to everyone, since it belongs to {owner}")
            continue
        target = sql.Identifier(name)
        allowed = [inventory.administrator, *monitors]
        grantees = sql.SQL(", ").join(map(sql.Identifier, allowed))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(target, grantees))
        admin.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(target))
        if is_open:
            report(f"database {name}: closed to everyone but {', '.join(allowed)}")


def report_limits(admin: Connection, roles: tuple[Role, ...]) -> None:
    """Says where clients that use all of their connections would leave none to others."""
    available = one(
        admin,
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true), '0')::int",
    )
    limits = [role.connection_limit for role in roles]
    together = sum(limit for limit in limits if limit is not None)
    if None not in limits and together > int(str(available)):
        report(
            f"connection limits: {together} together, and the server takes {available}: "
            "clients that use all of theirs block others; increase max_connections"
        )
