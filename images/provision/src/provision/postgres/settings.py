"""What the spec of `provision postgres` asks for."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from provision.fields import Secret, Text, must_be, refuse_duplicates
from provision.sign import Sign
from provision.spec import Entry

# Postgres cuts longer names short, which would join two of them silently.
Identifier = Annotated[
    Text, must_be("a name of at most 63 bytes", lambda name: len(name.encode()) <= 63 and "\0" not in name)
]


class Role(Entry):
    name: Identifier
    other_login: Identifier | None = Field(default=None, alias="login")
    password: Secret = Field(alias="passwordFile")
    database: Identifier | None = None
    member_of: tuple[Text, ...] = ()
    connection_limit: Annotated[int, Field(ge=1)] | None = None

    @property
    def login(self) -> str:
        """Who connects: the role itself, or a member that acts as it."""
        return self.other_login or self.name


class Settings(Entry):
    sign: Sign = Field(alias="platform")
    server: Literal["own", "shared"]
    extensions: tuple[Text, ...] = ()
    roles: tuple[Role, ...] = ()
    removed_roles: tuple[Identifier, ...] = ()
    """Roles that an earlier spec had, and that nothing uses any more."""

    @property
    def has_own_server(self) -> bool:
        """Whether the server is the platform's own: what carries no sign is then its own, too."""
        return self.server == "own"

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates(
            role=[*(name for role in self.roles for name in {role.name, role.login}), *self.removed_roles],
            database=[role.database for role in self.roles if role.database],
        )
        return self
