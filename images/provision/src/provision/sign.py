"""Whose a role, a database or a bucket is."""

from typing import Self

from provision.fields import Text
from provision.spec import Entry


class Sign(Entry):
    """A platform: its id, and the stack that deployed it, for people."""

    id: Text
    stack: Text

    @classmethod
    def found(cls, id: str, stack: str) -> Self:
        """What a server says, which may be anything: it is compared, never refused for its form."""
        return cls.model_construct(id=id, stack=stack)
