"""A project at its beginning: what is missing is on its way, and only later a failure."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pageviews import database
from pageviews.errors import MissingDataError, MissingModelError, NotYetError


@contextmanager
def forgiving(connection: psycopg.Connection) -> Iterator[None]:
    """
    Until the project has its first predictions, missing views and models inside the block do not count as failures.

    Raises:
        NotYetError: for these.
    """
    try:
        yield
    except (MissingDataError, MissingModelError) as error:
        if database.has_predictions(connection):
            raise
        raise NotYetError(f"not yet, as this project has no predictions so far: {error}") from error
