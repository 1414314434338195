"""Ingestion as processes: against the API's moods, and with its servers failing."""

import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import date

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
    with_fault = "UPDATE daily_views SET views = 0 WHERE article = 'Spain' AND day = '2025-07-01' RETURNING 1"
    assert project.rows(with_fault)
    said = project.run("validate", "--articles", *ARTICLES, "--date", "2026-02-01", code=7)
    assert "Spain: 1 days have 0 views, the first 2025-07-01" in said
    assert "Amsterdam: the newest views are of 2025-12-31, 32 days before 2026-02-01" in said
