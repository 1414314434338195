"""From the API into Postgres; safe to repeat for any days."""

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime

from pageviews import database
from pageviews.environment import require
from pageviews.errors import ConfigurationError
from pageviews.wikimedia import DEFAULT_BASE_URL, FIRST_DAY, Client, windows


def ingest(articles: Sequence[str], start: date, end: date, *, max_retries: int = 5) -> None:
    """Asks for each article's days from `start` to `end`, both included, and stores what arrives as it arrives."""
    _check_range(start, end)
    client = Client(
        require("WIKIMEDIA_CONTACT"),
        os.environ.get("WIKIMEDIA_BASE_URL") or DEFAULT_BASE_URL,
        max_retries=max_retries,
    )
    # Connect to Postgres first: if it is down, requests to the API are useless.
    with (
        database.connect() as connection,
        closing(client.fetch_all(windows(articles, start, end))) as answers,
    ):
        for window, views in answers:
            changed = database.store_views(connection, window.article, views)
            missing = sum(count is None for count in views.values())
            print(f"{window}: {len(views) - missing} days with views, {missing} without, {changed} rows changed")


def _check_range(start: date, end: date) -> None:
    if start > end:
        raise ConfigurationError(f"The start {start} is after the end {end}: give the earlier day first.")
    if start < FIRST_DAY:
        raise ConfigurationError(f"The start {start} is before {FIRST_DAY}, the first day that the API knows.")
    today = datetime.now(UTC).date()
    if end > today:
        raise ConfigurationError(f"The end {end} is in the future; today is {today} (UTC).")
