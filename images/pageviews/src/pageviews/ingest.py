"""From the API into Postgres; safe to repeat for any days."""

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import psycopg

from pageviews import database, titles
from pageviews.days import days_between
from pageviews.environment import require
from pageviews.errors import ConfigurationError
from pageviews.wikimedia import DEFAULT_BASE_URL, FIRST_DAY, Client, Window, windows

Views = Mapping[date, int | None]


def ingest(articles: Sequence[str], start: date, end: date, *, history_days: int = 0, max_retries: int = 5) -> None:
    """Asks for each article's days from `start` to `end`, both included, and stores what arrives as it arrives.

    Args:
        history_days: Of the last so many days, those up to `end` that were never asked for are asked for too.
        max_retries: Of a request.

    Raises:
        ConfigurationError: for days that cannot be asked for, and for titles that no article has.
    """
    _check_range(start, end)
    client = Client(
        require("WIKIMEDIA_CONTACT"),
        os.environ.get("WIKIMEDIA_BASE_URL") or DEFAULT_BASE_URL,
        max_retries=max_retries,
    )
    # Connect to Postgres first: if it is down, requests to the API are useless.
    with database.connect() as connection:
        requested = [
            window
            for article in articles
            for window in windows(article, _wanted_days(connection, article, start, end, history_days))
        ]
        new = [article for article in articles if not database.has_views(connection, article)]
        with closing(client.fetch_all(requested)) as answers:
            store = _Store(connection, new)
            for window, views in answers:
                store.add(window, views)
        unknown = [article for article in store.unproven if not _exists(client, article, requested)]
        for article in store.unproven:
            if article not in unknown:
                store.prove(article)
    if unknown:
        raise ConfigurationError(_no_article(unknown))


class _Store:
    """Stores answers; those without views of an article that may not exist wait until it is known to exist."""

    def __init__(self, connection: psycopg.Connection, new: Sequence[str]) -> None:
        self._connection = connection
        self._waiting: dict[str, list[tuple[Window, Views]]] = {article: [] for article in new}

    @property
    def unproven(self) -> list[str]:
        """Articles without a single view so far."""
        return list(self._waiting)

    def add(self, window: Window, views: Views) -> None:
        article = window.article
        if article not in self._waiting:
            self._write(window, views)
            return
        self._waiting[article].append((window, views))
        if any(count is not None for count in views.values()):
            self.prove(article)

    def prove(self, article: str) -> None:
        """The article exists: what waits is stored."""
        for window, views in self._waiting.pop(article):
            self._write(window, views)

    def _write(self, window: Window, views: Views) -> None:
        changed = database.store_views(self._connection, window.article, views)
        missing = sum(count is None for count in views.values())
        print(f"{window}: {len(views) - missing} days with views, {missing} without, {changed} rows changed")


def _wanted_days(connection: psycopg.Connection, article: str, start: date, end: date, history_days: int) -> set[date]:
    first = max(FIRST_DAY, _today() - timedelta(days=history_days))
    history = set(days_between(first, end)) - database.asked_days(connection, article, first, end)
    return history | set(days_between(start, end))


def _exists(client: Client, article: str, requested: Sequence[Window]) -> bool:
    """Whether an article whose answers had no views had any in the last year."""
    last_year = Window(article, _today() - timedelta(days=366), _today() - timedelta(days=1))
    asked = {day for window in requested if window.article == article for day in window.days}
    if asked.issuperset(last_year.days):
        return False
    return any(count is not None for count in client.fetch(last_year).values())


def _no_article(unknown: Sequence[str]) -> str:
    pages = ", ".join(titles.page(article) for article in unknown)
    return (
        f"Wikimedia counted no views of {', '.join(unknown)} in the last year, and nothing is stored for it: check "
        f"that {pages} opens and that its heading is the title, capitals included; a page that was renamed is counted "
        "under its new title, and a new one a day later."
    )


def _check_range(start: date, end: date) -> None:
    if start > end:
        raise ConfigurationError(f"The start {start} is after the end {end}: give the earlier day first.")
    if start < FIRST_DAY:
        raise ConfigurationError(f"The start {start} is before {FIRST_DAY}, the first day that the API knows.")
    if end > _today():
        raise ConfigurationError(f"The end {end} is in the future; today is {_today()} (UTC).")


def _today() -> date:
    return datetime.now(UTC).date()
