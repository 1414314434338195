"""Roles, their logins and their memberships."""

from psycopg import errors, sql

from provision.postgres.inventory import Existing, Inventory
from provision.postgres.server import Connection, one, report, verifier
from provision.postgres.settings import Role
from provision.postgres.sign import signed
from provision.sign import Sign

NO_LIMIT = -1
"""Postgres's own spelling."""


def apply_role(admin: Connection, role: Role, inventory: Inventory, sign: Sign) -> None:
    """Brings the role, its logins and its memberships to what the spec says."""
    if role.login != role.name:
        _apply_group(admin, role, inventory.roles.get(role.name), sign)
    _apply_login(admin, role, inventory.roles.get(role.login), sign)
    for name in inventory.logins[role.name]:
        _apply_earlier_login(admin, role, inventory.roles[name], sign)
    _apply_memberships(admin, role)


def retire_logins(admin: Connection, role: Role, inventory: Inventory) -> None:
    """Refuses what logged in as the role before: the other generations' logins, and the role itself."""
    retired = inventory.logins[role.name]
    for name in retired:
        report(f"role {name}: {drop(admin, name)}")
    existing = inventory.roles.get(role.name)
    if role.login != role.name and existing is not None and existing.logs_in:
        admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(role.name)))
        report(f"role {role.name}: can no longer log in")
    elif not retired:
        report(f"role {role.name}: only {role.login} can log in")


def _apply_group(admin: Connection, role: Role, existing: Existing | None, sign: Sign) -> None:
    """Creates the role that owns tables, without login; an existing login stays until it is retired."""
    name = sql.Identifier(role.name)
    with admin.transaction():
        if existing is None:
            # It fails where the role has come since the inventory was taken, and is then another platform's.
            admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        elif existing.logs_in:
            admin.execute(sql.SQL("ALTER ROLE {} {}").format(name, _limit(role)))
        is_taken = _sign(admin, role.name, existing, sign)
    if existing is None or is_taken:
        report(f"role {role.name}: {'created' if existing is None else TAKEN_OVER}")


def _apply_login(admin: Connection, role: Role, existing: Existing | None, sign: Sign) -> None:
    """Creates the login or sets its password and limit.

    The password is set on every run: logging in as the role would not tell
    whether it is right on a server that trusts this network.
    """
    with admin.transaction():
        admin.execute(
            sql.SQL("{verb} ROLE {name} WITH LOGIN PASSWORD {verifier} {limit}").format(
                verb=sql.SQL("CREATE" if existing is None else "ALTER"),
                name=sql.Identifier(role.login),
                verifier=verifier(admin, role.login, role.password),
                limit=_limit(role),
            )
        )
        is_taken = _sign(admin, role.login, existing, sign)
        if role.login != role.name:
            owner, member = sql.Identifier(role.name), sql.Identifier(role.login)
            admin.execute(sql.SQL("GRANT {} TO {}").format(owner, member))
            # Whatever it makes is the role's, which outlives it.
            admin.execute(sql.SQL("ALTER ROLE {} SET role = {}").format(member, owner))
    taken = f"{TAKEN_OVER}, " if is_taken else ""
    report(f"role {role.login}: {'created' if existing is None else f'{taken}password set'}")


def _apply_earlier_login(admin: Connection, role: Role, existing: Existing, sign: Sign) -> None:
    with admin.transaction():
        admin.execute(sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(existing.name), _limit(role)))
        is_taken = _sign(admin, existing.name, existing, sign)
    if is_taken:
        report(f"role {existing.name}: {TAKEN_OVER}")


TAKEN_OVER = "taken over, since it carried no platform's sign"


def _sign(admin: Connection, name: str, existing: Existing | None, sign: Sign) -> bool:
    """Signs the role; tells whether it was there without a sign."""
    if existing is None or existing.sign != sign:
        comment = sql.Literal(signed(existing.comment if existing else None, sign))
        admin.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(sql.Identifier(name), comment))
    return existing is not None and existing.sign is None


def _limit(role: Role) -> sql.Composed:
    limit = NO_LIMIT if role.connection_limit is None else role.connection_limit
    return sql.SQL("CONNECTION LIMIT {}").format(sql.Literal(limit))


def _apply_memberships(admin: Connection, role: Role) -> None:
    for group in role.member_of:
        member = one(
            admin,
            "SELECT EXISTS (SELECT FROM pg_auth_members m"
            " JOIN pg_roles held ON held.oid = m.roleid JOIN pg_roles holder ON holder.oid = m.member"
            " WHERE held.rolname = %s AND holder.rolname = %s)",
            group,
            role.name,
        )
        if not member and not _grant(admin, group, role.name):
            report(
                f"WARNING: role {role.name}: not a member of {group}, "
                f"since the server does not let {admin.info.user} grant it. "
                f"Metrics of Postgres are incomplete until an administrator who may runs: "
                f'GRANT {group} TO "{role.name}"'
            )
            continue
        report(f"role {role.name}: member of {group}{', unchanged' if member else ''}")


def _grant(admin: Connection, group: str, name: str) -> bool:
    """Makes the role a member; false if the administrator may not, as on some managed servers."""
    try:
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name)))
    except errors.InsufficientPrivilege:
        return False
    return True


def drop(admin: Connection, name: str) -> str:
    """Removes a login; one that owns something nevertheless stays and is refused."""
    admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(name)))
    try:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
    except errors.DependentObjectsStillExist:
        return "can no longer log in; it still owns objects"
    return "removed"
