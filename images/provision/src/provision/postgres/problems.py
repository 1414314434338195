"""What keeps the Job from starting: everything that is wrong at once, before anything changes."""

from collections.abc import Iterable

from psycopg import sql

from provision.errors import ProvisionError
from provision.postgres.inventory import Existing, Inventory
from provision.postgres.server import Connection, one, opens
from provision.postgres.settings import Role, Settings
from provision.postgres.sign import signed
from provision.sign import Sign

SYSTEM_DATABASES = ("postgres", "template0", "template1")


def refuse_problems(admin: Connection, settings: Settings, inventory: Inventory) -> None:
    """Raises one error with every reason not to touch this server."""
    _refuse(
        [
            *_administrators(settings, inventory),
            *_of_others(settings, inventory),
            *_without_proof(settings, inventory),
            *_that_stay_anothers(admin, settings, inventory),
            *_extensions_that_are_not_there(admin, settings),
        ]
    )


def refuse_to_retire(settings: Settings, inventory: Inventory) -> None:
    """Raises if a login to revoke does not belong to the platform."""
    unsigned = [each for role in settings.roles for each in inventory.of(role) if each.sign is None]
    first = [f"this platform has not signed {_list(unsigned)} yet: run `make up` first"] if unsigned else []
    _refuse([*_of_others(settings, inventory), *first])


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ProvisionError(f"nothing was changed: {'; '.join(problems)}")


def _administrators(settings: Settings, inventory: Inventory) -> list[str]:
    return [
        f"role {name} administers this server; name another one in the spec"
        for role in settings.roles
        for name in dict.fromkeys([role.name, role.login])
        if name in inventory.roles and inventory.roles[name].is_administrator
    ]


def _of_others(settings: Settings, inventory: Inventory) -> list[str]:
    found: dict[Sign, list[Existing]] = {}
    for role in settings.roles:
        for each in inventory.of(role):
            if each.sign is not None and each.sign.id != settings.sign.id:
                found.setdefault(each.sign, []).append(each)
    return [
        f"{_list(theirs)} {'belongs' if len(theirs) == 1 else 'belong'} to the platform of stack "
        f"{sign.stack}, whose ID is {sign.id}: set postgres.prefix to give this platform its own "
        "names, or, if that platform no longer exists and this one takes over its data, set platformId to "
        f"{sign.id}"
        for sign, theirs in found.items()
    ]


def _without_proof(settings: Settings, inventory: Inventory) -> list[str]:
    """On a shared server, an unsigned object is ours only if our password opens it."""
    if settings.has_own_server:
        return []
    unproven = [
        each
        for role in settings.roles
        for each in _unsigned(role, inventory)
        if not _is_ours(role, each, inventory)
    ]
    if not unproven:
        return []
    return [
        f"no platform has signed {_list(unproven)}, and this platform's password opens none of them: set "
        "postgres.prefix to give this platform its own names, or, if they belong to this "
        f"platform, sign them: {' '.join(_statement(each, settings.sign) for each in unproven)}"
    ]


def _unsigned(role: Role, inventory: Inventory) -> list[Existing]:
    return [each for each in inventory.of(role) if each.sign is None]


def _is_ours(role: Role, unsigned: Existing, inventory: Inventory) -> bool:
    # A database that is open to everyone also opens for our login.
    if unsigned.kind == "database" and unsigned.owner not in (role.name, inventory.administrator):
        return False
    database = role.database if role.database in inventory.databases else None
    return opens(database, role.login, role.password)


def _statement(existing: Existing, sign: Sign) -> str:
    return (
        sql.SQL("COMMENT ON {} {} IS {};")
        .format(
            sql.SQL("DATABASE" if existing.kind == "database" else "ROLE"),
            sql.Identifier(existing.name),
            sql.Literal(signed(existing.comment, sign)),
        )
        .as_string()
    )


def _that_stay_anothers(admin: Connection, settings: Settings, inventory: Inventory) -> list[str]:
    problems = []
    for role in settings.roles:
        database = inventory.databases.get(role.database) if role.database else None
        if database is None:
            continue
        if database.name in SYSTEM_DATABASES:
            problems.append(f"database {database.name} is the server's own: set another postgres.prefix")
        elif database.owner not in (role.name, inventory.administrator) and not one(
            admin, "SELECT pg_has_role(%s, 'USAGE')", database.owner
        ):
            target, owner = sql.Identifier(database.name), sql.Identifier(inventory.administrator)
            handover = sql.SQL("ALTER DATABASE {} OWNER TO {}").format(target, owner).as_string()
            problems.append(
                f"database {database.name} belongs to {database.owner}, which {inventory.administrator} "
                f"may not change: set postgres.prefix, or hand it over with {handover}"
            )
    return problems


def _extensions_that_are_not_there(admin: Connection, settings: Settings) -> list[str]:
    return [
        f"the server has no extension {name}: install its package, or remove it from postgres.extensions"
        for name in settings.extensions
        if not one(admin, "SELECT true FROM pg_available_extensions WHERE name = %s", name)
    ]


def _list(existing: Iterable[Existing]) -> str:
    names = list(dict.fromkeys(str(each) for each in existing))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
