"""The gate before training: views that are fit pass it, and those of a new project are waited for."""

import time
from collections.abc import Sequence
from datetime import date, timedelta

from pageviews import beginning, database, quality
from pageviews.errors import NotYetError

POLL_SECONDS = 15


def validate(articles: Sequence[str], today: date, limits: quality.Limits, wait: timedelta) -> int:
    """
    The number of stored days, once they are fit for training.

    Args:
        wait: How long views that are on their way may take, in a project that has no predictions so far.

    Raises:
        NotYetError: they have not come.
        DataQualityError: they are not fit.
    """
    deadline = time.monotonic() + wait.total_seconds()
    waited_for = ""
    while True:
        try:
            with database.connect() as connection, beginning.forgiving(connection):
                rows = database.load_views(connection, articles)
                quality.check(rows, articles, today, limits)
            return len(rows)
        except NotYetError as error:
            if time.monotonic() >= deadline:
                raise
            if str(error) != waited_for:
                print(f"{error}\nwaiting for pageviews ingest, at most {wait} in all", flush=True)
            waited_for = str(error)
        time.sleep(POLL_SECONDS)
