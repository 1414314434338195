"""Ingestion as processes: against the API's moods, and with its servers failing."""

import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import services
from project import ARTICLES, FIRST, GAPS, LAST, Project

DAYS = (LAST - FIRST).days + 1
ALL = ["ingest", "--articles", *ARTICLES, "--start", str(FIRST), "--end", str(LAST)]
COUNTS = "SELECT article, count(*), count(views) FROM daily_views GROUP BY article ORDER BY article"
WHOLE = [("Amsterdam", DAYS, DAYS - GAPS), ("Spain", DAYS, DAYS - GAPS)]


def test_ingesting_twice_doubles_nothing_and_keeps_to_the_apis_rules(project: Project) -> None:
    project.wikimedia.throttled = 2
    project.run(*ALL)
    assert project.rows(COUNTS) == WHOLE
    assert len(project.wikimedia.requests) == 4 + 2, "a window a year and article, and the two that were throttled"
    assert project.wikimedia.most_at_once <= 3
    assert project.wikimedia.user_agents == {"mlops-pageviews/0.1.0 (ops@example.org)"}
    before = project.rows("SELECT * FROM daily_views ORDER BY article, day")
    assert "0 rows changed" in project.run(*ALL)
    assert project.rows("SELECT * FROM daily_views ORDER BY article, day") == before, "updated_at included"


def test_what_is_stored_is_what_the_api_says(project: Project, views: dict[str, dict[date, int]]) -> None:
    project.run(*ALL)
    stored = project.rows("SELECT article, day, views FROM daily_views WHERE views IS NOT NULL")
    assert set(stored) == {(article, day, count) for article in ARTICLES for day, count in views[article].items()}


def test_days_can_be_filled_in_backwards_and_a_late_day_later(
    project: Project, views: dict[str, dict[date, int]]
) -> None:
    late = date(2025, 6, 30)
    known = views["Spain"].copy()
    project.wikimedia.views = {"Spain": {day: count for day, count in known.items() if day != late}}
    project.run("ingest", "--articles", "Spain", "--start", "2025-06-01", "--end", "2025-06-30")
    project.run("ingest", "--articles", "Spain", "--start", "2025-05-01", "--end", "2025-05-31")
    one_day = f"SELECT views FROM daily_views WHERE day = '{late}'"
    assert project.rows(one_day) == [(None,)], "a day that the API does not have yet is recorded and no error"
    project.wikimedia.views = {"Spain": known}
    project.run("ingest", "--articles", "Spain", "--date", str(late))
    assert project.rows(one_day) == [(known[late],)]
    project.wikimedia.views = {}
    assert "0 rows changed" in project.run("ingest", "--articles", "Spain", "--date", str(late))
    assert project.rows(one_day) == [(known[late],)], "an answer with a hole takes nothing away"
    assert project.rows("SELECT count(*), min(day), max(day) FROM daily_views") == [
        (61, date(2025, 5, 1), date(2025, 6, 30))
    ]


def test_a_malformed_answer_ends_it_and_a_rerun_completes_it(project: Project) -> None:
    project.wikimedia.malformed = '{"items": [{"views": "many"}]}'
    said = project.run(*ALL, code=3)
    assert "is malformed: items.0.project: Field required; nothing of it is stored" in said
    project.run(*ALL)
    assert project.rows(COUNTS) == WHOLE


def test_without_the_api_it_says_so_and_a_rerun_completes_it(project: Project) -> None:
    down = "http://127.0.0.1:9/api/rest_v1"
    said = project.run(*ALL, "--max-retries", "1", code=3, WIKIMEDIA_BASE_URL=down)
    assert f"The pageviews API does not answer at {down} (ConnectionRefusedError" in said
    assert project.rows("SELECT count(*) FROM daily_views") == [(0,)]
    project.run(*ALL)
    assert project.rows(COUNTS) == WHOLE


def test_a_postgres_that_restarts_in_between_loses_and_doubles_nothing(project: Project) -> None:
    with closing(services.Postgres()) as own:
        project = replace(
            project,
            postgres=own,
            database="postgres",
            environment={**project.environment, **own.environment("postgres")},
        )
        restarted = threading.Event()

        def restart_before_the_fourth(number: int) -> None:
            """The first window is answered, the second and third wait: the fourth comes when the first is done."""
            if number == 4:
                while project.rows("SELECT count(*) FROM daily_views") == [(0,)]:
                    time.sleep(0.05)
                own.restart()
                restarted.set()
            elif number > 1:
                restarted.wait(120)

        project.wikimedia.before_answer = restart_before_the_fourth
        said = project.run(*ALL, code=4)
        assert f"Postgres at 127.0.0.1:{own.port}/postgres failed: " in said
        assert "what was committed is kept" in said
        [(stored,)] = project.rows("SELECT count(*) FROM daily_views")
        assert 0 < int(str(stored)) < 2 * DAYS, "it was in the middle"
        project.wikimedia.before_answer = lambda number: None
        project.run(*ALL)
        assert project.rows(COUNTS) == WHOLE


def test_two_at_once_make_the_tables_and_the_rows_once(project: Project) -> None:
    running = [project.start(*ALL) for _ in range(2)]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert project.rows(COUNTS) == WHOLE
    assert project.rows("SELECT version FROM pageviews_migrations ORDER BY version") == [(1,), (2,)]


def test_views_that_are_not_fit_stop_before_training(project: Project) -> None:
    project.run(*ALL)
    assert "1462 stored days are fit for training" in project.run(
        "validate", "--articles", *ARTICLES, "--date", "2026-01-01"
    )
    predicted = "INSERT INTO predictions VALUES ('Spain', '2026-01-01', '2026-01-01', 1, 1, 'run') RETURNING 1"
    assert project.rows(predicted), "as in a project that has been at work"
    with_fault = "UPDATE daily_views SET views = 0 WHERE article = 'Spain' AND day = '2025-07-01' RETURNING 1"
    assert project.rows(with_fault)
    said = project.run("validate", "--articles", *ARTICLES, "--date", "2026-02-01", code=7)
    assert "Spain: 1 days have 0 views, the first 2025-07-01" in said
    assert "Amsterdam: the newest views are from 2025-12-31, 32 days before 2026-02-01" in said


YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def last_days(count: int) -> dict[date, int]:
    return {YESTERDAY - timedelta(days=n): 500 + n % 7 for n in range(count)}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sa\u0303o Paulo", "S\u00e3o_Paulo"),
        ("spain", "Spain"),
        ("AC%2FDC", "AC/DC"),
        ("C++", "C++"),
        ("-30-", "-30-"),
        ("50% off", "50%_off"),
        ("https://en.wikipedia.org/wiki/Spain", "Spain"),
        ("Spain#History", "Spain"),
    ],
)
def test_however_a_title_is_written_the_articles_views_are_stored(project: Project, text: str, title: str) -> None:
    project.wikimedia.views = {title: last_days(3)}
    project.run("ingest", f"--articles={text}", "--date", str(YESTERDAY))
    assert project.rows("SELECT article, day, views FROM daily_views") == [(title, YESTERDAY, 500)]


def test_a_title_that_no_article_has_is_told_at_once_and_the_others_are_stored(project: Project) -> None:
    project.wikimedia.views = {"New_York_City": last_days(5)}
    titles = ["--articles", "Nonexistent thing", "New York City", "What is this?"]
    said = project.run("ingest", *titles, "--date", str(YESTERDAY), code=2)
    assert "Wikimedia counted no views of Nonexistent_thing, What_is_this? in the last year" in said
    assert "check that https://en.wikipedia.org/wiki/Nonexistent_thing, " in said
    assert "https://en.wikipedia.org/wiki/What_is_this%3F opens" in said
    assert project.rows("SELECT article, count(*) FROM daily_views GROUP BY 1") == [("New_York_City", 1)]


def test_an_article_of_which_a_day_is_not_counted_yet_is_no_unknown_one(project: Project) -> None:
    project.wikimedia.views = {"Spain": {YESTERDAY - timedelta(days=2): 7}}
    assert "0 days with views, 1 without" in project.run("ingest", "--articles", "Spain", "--date", str(YESTERDAY))
    assert project.rows("SELECT day, views FROM daily_views") == [(YESTERDAY, None)]
    asked = len(project.wikimedia.requests)
    assert asked == 2, "the day, and the year before"


def test_the_first_run_brings_the_history_and_the_next_ones_only_new_days_and_gaps(project: Project) -> None:
    project.wikimedia.views = {article: last_days(900) for article in ARTICLES}
    daily = ["ingest", "--articles", *ARTICLES, "--start", str(YESTERDAY - timedelta(days=2)), "--end", str(YESTERDAY)]
    first = [*daily, "--history-days", "732"]
    project.run(*first)
    oldest = YESTERDAY - timedelta(days=731)
    span = "SELECT article, count(views), min(day), max(day) FROM daily_views GROUP BY 1 ORDER BY 1"
    whole = [(article, 732, oldest, YESTERDAY) for article in sorted(ARTICLES)]
    assert project.rows(span) == whole
    assert len(project.wikimedia.requests) == 4, "two an article"

    project.run(*first)
    assert len(project.wikimedia.requests) == 4 + 2, "the last days again, one an article"

    gap = f"DELETE FROM daily_views WHERE article = 'Spain' AND day < '{oldest + timedelta(days=400)}' RETURNING 1"
    assert len(project.rows(gap)) == 400
    project.run(*first)
    assert project.rows(span) == whole, "a gap is filled"
    assert project.wikimedia.most_at_once <= 3


VALIDATE = ["validate", "--articles", *ARTICLES]


def test_before_the_first_predictions_missing_views_are_no_failure_and_wrong_ones_are(project: Project) -> None:
    said = project.run(*VALIDATE, code=8)
    assert "not yet, as this project has no predictions so far: the stored views are not fit for training" in said
    assert "Spain: no views are stored: run pageviews ingest --articles=Spain" in said

    project.wikimedia.views = {article: last_days(732) for article in ARTICLES}
    ingest = ["ingest", "--articles", *ARTICLES, "--end", str(YESTERDAY)]
    project.run(*ingest, "--start", str(YESTERDAY - timedelta(days=2)))
    assert "Spain: 3 days of history" in project.run(*VALIDATE, code=8)

    project.run(*ingest, "--start", str(YESTERDAY), "--history-days", "732")
    assert "1464 stored days are fit for training" in project.run(*VALIDATE)
    assert project.rows(
        "UPDATE daily_views SET views = 0 WHERE day = current_date - 100 AND article = 'Spain' RETURNING 1"
    )
    assert "Spain: 1 days have 0 views" in project.run(*VALIDATE, code=7)


def test_validating_waits_for_an_ingestion_that_comes_later(project: Project) -> None:
    project.wikimedia.views = {article: last_days(732) for article in ARTICLES}
    validating = project.start(*VALIDATE, "--wait-minutes", "10")
    assert validating.stdout is not None
    first = [validating.stdout.readline() for _ in range(4)]
    assert first[0].startswith("not yet, as this project has no predictions so far")
    assert first[3] == "waiting for pageviews ingest, at most 0:10:00 in all\n"
    days = ["--start", str(YESTERDAY), "--end", str(YESTERDAY), "--history-days", "732"]
    project.run("ingest", "--articles", *ARTICLES, *days)
    printed, said = validating.communicate(timeout=60)
    assert validating.returncode == 0, said
    assert "1464 stored days are fit for training" in printed
