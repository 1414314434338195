"""What the server has of what the spec names, read once before anything changes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from provision.postgres.server import Connection
from provision.postgres.settings import Role
from provision.postgres.sign import sign_of
from provision.sign import Sign


@dataclass(frozen=True)
class Existing:
    """A role or a database that is there."""

    kind: str
    name: str
    comment: str | None
    owner: str | None = None
    """Of a database."""
    is_administrator: bool = False
    logs_in: bool = False

    @property
    def sign(self) -> Sign | None:
        return sign_of(self.comment)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Inventory:
    administrator: str
    is_superuser: bool
    roles: dict[str, Existing]
    databases: dict[str, Existing]
    logins: dict[str, tuple[str, ...]]
    """Of each role: its logins of other generations, oldest first."""

    def of(self, role: Role) -> list[Existing]:
        """Everything that is there of one entry of the spec."""
        names = dict.fromkeys([role.name, role.login, *self.logins[role.name]])
        database = self.databases.get(role.database) if role.database else None
        return [
            *([database] if database else []),
            *(self.roles[name] for name in names if name in self.roles),
        ]


def take_inventory(admin: Connection, roles: Iterable[Role]) -> Inventory:
    roles = list(roles)
    row = admin.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row is not None  # noqa: S101
    logins = {role.name: _logins(admin, role) for role in roles}
    names = [name for role in roles for name in (role.name, role.login, *logins[role.name])]
    return Inventory(
        administrator=str(row[0]),
        is_superuser=bool(row[1]),
        roles=_roles(admin, names),
        databases=_databases(admin, [role.database for role in roles if role.database]),
        logins=logins,
    )


def _roles(admin: Connection, names: list[str]) -> dict[str, Existing]:
    rows = admin.execute(
        "SELECT rolname, shobj_description(oid, 'pg_authid'), rolsuper OR rolname = current_user, rolcanlogin"
        " FROM pg_roles WHERE rolname = ANY(%s)",
        [names],
    )
    return {
        str(name): Existing(
            "role", str(name), _text(comment), is_administrator=bool(administers), logs_in=bool(logs_in)
        )
        for name, comment, administers, logs_in in rows
    }


def _databases(admin: Connection, names: list[str]) -> dict[str, Existing]:
    rows = admin.execute(
        "SELECT datname, shobj_description(oid, 'pg_database'), pg_get_userbyid(datdba)"
        " FROM pg_database WHERE datname = ANY(%s)",
        [names],
    )
    return {
        str(name): Existing("database", str(name), _text(comment), owner=str(owner))
        for name, comment, owner in rows
    }


def _logins(admin: Connection, role: Role) -> tuple[str, ...]:
    members = admin.execute(
        "SELECT holder.rolname FROM pg_auth_members m"
        " JOIN pg_roles held ON held.oid = m.roleid JOIN pg_roles holder ON holder.oid = m.member"
        " WHERE held.rolname = %s GROUP BY 1 ORDER BY 1",
        [role.name],
    )
    generation = re.compile(re.escape(role.name) + r"_g[0-9]+")
    return tuple(str(name) for (name,) in members if name != role.login and generation.fullmatch(str(name)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
