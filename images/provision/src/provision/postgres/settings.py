"""What the spec of `provision postgres` asks for."""

from dataclasses import dataclass

from provision.sign import Sign, read_sign
from provision.spec import Table, refuse_duplicates


@dataclass(frozen=True)
class Role:
    name: str
    login: str
    """Who connects: the role itself, or a member that acts as it."""
    password: str
    database: str | None
    member_of: tuple[str, ...]
    connection_limit: int | None


@dataclass(frozen=True)
class Settings:
    sign: Sign
    has_own_server: bool
    """Whether the server is the platform's own: what carries no sign is then its own, too."""
    extensions: tuple[str, ...]
    roles: tuple[Role, ...]


def read(spec: Table) -> Settings:
    settings = Settings(
        sign=read_sign(spec.table("platform")),
        has_own_server=spec.choice("server", ("own", "shared")) == "own",
        extensions=spec.texts("extensions"),
        roles=tuple(_role(entry) for entry in spec.tables("roles")),
    )
    spec.close()
    roles = settings.roles
    refuse_duplicates(spec.where, "role", [name for role in roles for name in {role.name, role.login}])
    refuse_duplicates(spec.where, "database", [role.database for role in roles if role.database])
    return settings


def _role(entry: Table) -> Role:
    name = _identifier(entry, "name")
    role = Role(
        name=name,
        login=name if entry.optional_text("login") is None else _identifier(entry, "login"),
        password=entry.secret("passwordFile"),
        database=None if entry.optional_text("database") is None else _identifier(entry, "database"),
        member_of=entry.texts("memberOf"),
        connection_limit=entry.optional_count("connectionLimit"),
    )
    entry.close()
    return role


def _identifier(entry: Table, key: str) -> str:
    name = entry.text(key)
    # Postgres cuts longer names short, which would join two of them silently.
    if len(name.encode()) > 63 or "\0" in name:
        raise entry.wrong(key, "a name of at most 63 bytes")
    return name
