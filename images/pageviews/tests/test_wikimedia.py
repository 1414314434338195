import json
import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
from wikimedia_server import WikimediaServer

from pageviews.days import days_between
from pageviews.errors import ConfigurationError, UpstreamError
from pageviews.wikimedia import Client, Window, windows

CONTACT = "ops@example.org"
WINDOW = Window("Spain", date(2025, 1, 1), date(2025, 1, 4))
VIEWS = {"Spain": {date(2025, 1, 1): 10, date(2025, 1, 2): 0, date(2025, 1, 4): 40}, "AC/DC": {date(2025, 1, 1): 7}}


@pytest.fixture
def server() -> Iterator[WikimediaServer]:
    with WikimediaServer(VIEWS).running() as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that urllib3 would have waited."""
    waited: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waited.append)
    return waited


def item(**changed: object) -> dict[str, object]:
    return {
        "project": "en.wikipedia",
        "article": "Spain",
        "granularity": "daily",
        "timestamp": "2025010100",
        "access": "all-access",
        "agent": "user",
        "views": 10,
        **changed,
    }


def test_a_day_that_the_api_lacks_is_none_and_a_day_with_no_views_is_zero(server: WikimediaServer) -> None:
    views = Client(CONTACT, server.base_url).fetch(WINDOW)
    assert views == {
        date(2025, 1, 1): 10,
        date(2025, 1, 2): 0,
        date(2025, 1, 3): None,
        date(2025, 1, 4): 40,
    }


def test_404_means_that_no_day_of_the_window_has_views(server: WikimediaServer) -> None:
    window = Window("Spain", date(2025, 1, 3), date(2025, 1, 3))
    assert Client(CONTACT, server.base_url).fetch(window) == {date(2025, 1, 3): None}


def test_404_of_something_else_than_the_api_is_an_error(
    server: WikimediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "answer", lambda path, agent: (404, {}, "<html>no such site</html>"))
    with pytest.raises(UpstreamError, match=r"answered 404 .* check WIKIMEDIA_BASE_URL"):
        Client(CONTACT, server.base_url).fetch(WINDOW)


def test_titles_are_encoded_whole(server: WikimediaServer) -> None:
    window = Window("AC/DC", date(2025, 1, 1), date(2025, 1, 1))
    assert Client(CONTACT, server.base_url).fetch(window) == {date(2025, 1, 1): 7}
    assert server.requests == [
        "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user/AC%2FDC/daily/2025010100/2025010100"
    ]


def test_the_user_agent_names_the_contact(server: WikimediaServer) -> None:
    Client(CONTACT, server.base_url).fetch(WINDOW)
    assert server.user_agents == {"mlops-pageviews/0.1.0 (ops@example.org)"}


@pytest.mark.parametrize("contact", ["", "nobody", "ops@example.org\r\nX-Injected: 1"])
def test_a_contact_that_reaches_nobody_is_refused(contact: str) -> None:
    with pytest.raises(ConfigurationError, match="WIKIMEDIA_CONTACT"):
        Client(contact)


def test_a_base_url_of_another_scheme_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="WIKIMEDIA_BASE_URL"):
        Client(CONTACT, "file:///etc")


def test_too_many_requests_are_repeated_after_what_retry_after_says(
    server: WikimediaServer, waits: list[float]
) -> None:
    server.throttled = 2
    assert Client(CONTACT, server.base_url).fetch(WINDOW)[date(2025, 1, 1)] == 10
    assert waits == [1, 1]
    assert len(server.requests) == 3


def test_retries_end(server: WikimediaServer, waits: list[float]) -> None:
    server.throttled = 10
    with pytest.raises(UpstreamError, match=r"answered 429 for Spain 2025-01-01\.\.2025-01-04"):
        Client(CONTACT, server.base_url, max_retries=2).fetch(WINDOW)
    assert len(server.requests) == 3


def test_no_server_is_one_sentence(waits: list[float]) -> None:
    with pytest.raises(UpstreamError) as caught:
        Client(CONTACT, "http://127.0.0.1:9", max_retries=3).fetch(WINDOW)
    assert str(caught.value) == (
        "The pageviews API does not answer at http://127.0.0.1:9 (ConnectionRefusedError: [Errno 111] Connection "
        "refused) for Spain 2025-01-01..2025-01-04; what arrived before is stored: run the same command again later."
    )
    assert len(waits) == 2, "back-off between the attempts, none after the first"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ("{}", "items: Field required"),
        (json.dumps({"items": [item(views="10")]}), "items.0.views: Input should be a valid integer"),
        (json.dumps({"items": [item(views=-1)]}), "items.0.views: Input should be greater than or equal to 0"),
        (json.dumps({"items": [item(timestamp="20250101")]}), "items.0.timestamp"),
        (json.dumps({"items": [item(timestamp="2025139900")]}), "does not match format"),
        (json.dumps({"items": [item(article="Portugal")]}), "Portugal"),
        (json.dumps({"items": [item(granularity="monthly")]}), "monthly"),
        (json.dumps({"items": [item(timestamp="2025020100")]}), "2025-02-01, which was not requested"),
        (json.dumps({"items": [item(), item(views=11)]}), "a day twice"),
    ],
)
def test_an_answer_that_breaks_the_promises_is_refused_whole(server: WikimediaServer, body: str, problem: str) -> None:
    server.malformed = body
    with pytest.raises(UpstreamError, match="malformed") as caught:
        Client(CONTACT, server.base_url).fetch(WINDOW)
    assert problem in str(caught.value)


def test_new_fields_are_no_error(server: WikimediaServer) -> None:
    server.malformed = json.dumps({"items": [item(continent="Europe")], "next": None})
    assert Client(CONTACT, server.base_url).fetch(WINDOW)[date(2025, 1, 1)] == 10


def test_windows_cover_every_day_once() -> None:
    every_day = days_between(date(2024, 1, 1), date(2026, 3, 1))
    found = windows("Spain", reversed(every_day))
    assert [day for window in found for day in window.days] == every_day
    assert [len(window.days) for window in found] == [366, 366, 59]
    assert {window.article for window in found} == {"Spain"}


def test_a_window_ends_before_a_day_that_is_not_asked_for() -> None:
    days = {date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 2)}
    assert windows("Spain", days) == [
        Window("Spain", date(2024, 2, 28), date(2024, 2, 29)),
        Window("Spain", date(2024, 3, 2), date(2024, 3, 2)),
    ]
    assert windows("Spain", set()) == []


def test_many_windows_are_asked_for_three_at_a_time(server: WikimediaServer) -> None:
    three = threading.Barrier(3)

    def wait_for_three(number: int) -> None:
        three.wait(60)
        # Time for a fourth to come, if it may.
        time.sleep(0.1)

    server.before_answer = wait_for_three
    requested = [Window("Spain", day, day) for day in WINDOW.days for _ in range(3)]
    answers = list(Client(CONTACT, server.base_url).fetch_all(requested))
    assert len(answers) == 12
    assert server.most_at_once == 3


def test_after_a_failure_nothing_more_is_asked(server: WikimediaServer) -> None:
    server.malformed = "{"
    requested = [Window("Spain", day, day) for day in WINDOW.days for _ in range(10)]
    with pytest.raises(UpstreamError, match="malformed"):
        list(Client(CONTACT, server.base_url).fetch_all(requested))
    assert len(server.requests) < len(requested)
