"""The pageviews notebook on a real Postgres, whose tables images/pageviews itself makes and fills."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import psycopg
import pytest
from pageviews import database

from report.cli import main

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "pageviews.ipynb"

LAST = date(2026, 11, 20)


@pytest.fixture
def pageviews(
    environment: pytest.MonkeyPatch, postgres: dict[str, str], tmp_path: Path
) -> Iterator[psycopg.Connection]:
    """The pageviews' database, with its tables and nothing in them."""
    for name, value in {**postgres, "DATA_URI": f"file://{tmp_path}"}.items():
        environment.setenv(name, value)
    with psycopg.connect(autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with database.connect() as connection:
        yield connection


def fill(connection: psycopg.Connection) -> None:
    """120 days for two articles, Amsterdam's with two missing; predictions by two versions of the model."""
    days = [LAST - timedelta(days=n) for n in range(120)]
    weekly = [100, 110, 120, 110, 100, 60, 50]
    database.store_views(connection, "Spain", {day: 100 * weekly[day.weekday()] for day in days})
    amsterdam: dict[date, int | None] = {day: 10 * weekly[day.weekday()] for day in days}
    amsterdam[date(2026, 11, 1)] = amsterdam[date(2026, 11, 2)] = None
    database.store_views(connection, "Amsterdam", amsterdam)
    for version, made in ((1, date(2026, 11, 9)), (2, date(2026, 11, 16))):
        database.store_predictions(
            connection,
            [
                database.Prediction(
                    "Spain", made, day, 100.0 * weekly[day.weekday()] + 500 * version, version, "run"
                )
                for day in (made + timedelta(days=n) for n in range(7))
            ],
        )


def report(*parameters: str) -> int:
    flags = [argument for parameter in parameters for argument in ("--parameter", parameter)]
    return main(["run", str(NOTEBOOK), "--name", "pageviews", *flags])


class _Text(HTMLParser):
    """The page's words, without styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words += data.split()


def page(folder: Path) -> str:
    parser = _Text()
    parser.feed((folder / "reports" / "pageviews.html").read_text())
    return " ".join(parser.words)


def test_the_page_shows_views_predictions_and_the_coming_days(
    pageviews: psycopg.Connection, tmp_path: Path
) -> None:
    fill(pageviews)
    assert report('articles=["Spain", "Amsterdam"]', "end=2026-11-20") == 0
    html = (tmp_path / "reports" / "pageviews.html").read_text()
    assert len(re.findall("<img [^>]*data:image/png;base64", html)) == 4
    text = page(tmp_path)
    # mean a day, last 7 days, to the 7 before, highest, on, days missing
    assert re.search(r"Spain 9,\d{3} 9,286 \+0\.0% 12,000 2026-\d\d-\d\d 0 Amsterdam", text)
    assert re.search(r"Amsterdam 9\d\d 929 \+0\.0% 1,200 2026-\d\d-\d\d 2 ", text)
    # Version 1 is 500 off on seven days, version 2 1,000 on the five that have passed.
    assert "Spain 1 7 500 5.4% 2 5 1,000 9.3%" in text
    # Friday's views are the last, so Saturday and Sunday are predicted.
    assert "Sat 21 November 2026 7,000 nan Sun 22 November 2026 6,000 nan" in text


def test_without_predictions_the_page_says_so(pageviews: psycopg.Connection, tmp_path: Path) -> None:
    fill(pageviews)
    pageviews.execute("DELETE FROM predictions")
    assert report() == 0
    text = page(tmp_path)
    assert "No predicted day has passed yet." in text
    assert "There is no prediction for a day to come" in text


@pytest.mark.parametrize("parameters", [[], ['articles=["New_York_City", "Spain"]']])
def test_a_title_of_several_words_is_one_article(
    pageviews: psycopg.Connection, tmp_path: Path, parameters: list[str]
) -> None:
    for title in ("New_York_City", "Spain"):
        database.store_views(pageviews, title, {LAST - timedelta(days=n): 500 + n for n in range(120)})
    assert report(*parameters) == 0
    text = page(tmp_path)
    assert "New_York_City 5" in text and "Spain 5" in text


def test_the_report_is_of_the_articles_of_the_newest_predictions(
    pageviews: psycopg.Connection, tmp_path: Path
) -> None:
    fill(pageviews)
    assert report() == 0
    assert "Amsterdam" not in page(tmp_path)


def test_a_title_without_views_is_named_with_those_that_are_stored(
    pageviews: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(pageviews)
    assert report('articles=["Spain", "spain"]') == 1
    error = capsys.readouterr().err
    assert "ValueError: no views of spain are stored; there are those of Amsterdam, Spain" in error


def test_without_views_there_is_nothing_to_report_yet(
    pageviews: psycopg.Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report() == 8
    assert capsys.readouterr().err == (
        "report run: pageviews.ipynb has nothing to report yet: "
        "no views are stored: run the DAG pageviews_ingest first\n"
    )
    assert not (tmp_path / "reports").exists()


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
