"""Whose a role, a database or a bucket is."""

from dataclasses import dataclass

from provision.spec import Table


@dataclass(frozen=True)
class Sign:
    """A platform: its id, and the stack that deployed it, for people."""

    id: str
    stack: str


def read_sign(platform: Table) -> Sign:
    sign = Sign(platform.text("id"), platform.text("stack"))
    platform.close()
    return sign
