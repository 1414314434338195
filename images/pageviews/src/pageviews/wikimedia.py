"""The client of Wikimedia's pageviews API.

requests with urllib3's Retry: both are kept, MLflow's client brings them anyway, and back-off, Retry-After
and proxies are theirs, so that none of it is written here.
"""

import json
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pageviews import __version__
from pageviews.days import days_between
from pageviews.errors import ConfigurationError, UpstreamError

DEFAULT_BASE_URL = "https://wikimedia.org/api/rest_v1"
PROJECT, ACCESS, AGENT = "en.wikipedia", "all-access", "user"
FIRST_DAY = date(2015, 7, 1)
"""The API knows nothing earlier."""

MAX_CONCURRENT_REQUESTS = 3
MAX_DAYS_PER_REQUEST = 366
CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS = 5, 30
MAX_RETRY_AFTER_SECONDS = 300


class Item(BaseModel):
    """One day, as the API sends it; additional fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")

    project: str
    article: str
    granularity: str
    timestamp: str = Field(pattern=r"^\d{8}00$")
    access: str
    agent: str
    views: int = Field(ge=0)

    @property
    def day(self) -> date:
        return datetime.strptime(self.timestamp, "%Y%m%d00").date()


class Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    items: list[Item]


@dataclass(frozen=True)
class Window:
    """One request: an article's days from `start` to `end`, both included."""

    article: str
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        return days_between(self.start, self.end)

    def __str__(self) -> str:
        return f"{self.article} {self.start}..{self.end}"


def windows(article: str, days: Iterable[date]) -> list[Window]:
    """The requests for these days of an article, each short enough that little is lost when one fails."""
    found: list[Window] = []
    for day in sorted(days):
        newest = found[-1] if found else None
        is_next = newest is not None and day == newest.end + timedelta(days=1)
        if newest is not None and is_next and (newest.end - newest.start).days + 1 < MAX_DAYS_PER_REQUEST:
            found[-1] = Window(article, newest.start, day)
        else:
            found.append(Window(article, day, day))
    return found


class Client:
    """Asks for daily views, at most three requests at once.

    Args:
        contact: An e-mail address or page, for the User-Agent; Wikimedia requires one.
        base_url: Without a slash at the end.
        max_retries: How often a request is tried again after 429, a server error or a broken connection.
    """

    def __init__(self, contact: str, base_url: str = DEFAULT_BASE_URL, *, max_retries: int = 5) -> None:
        if not contact.isprintable() or not ("@" in contact or "://" in contact):
            raise ConfigurationError(
                f"WIKIMEDIA_CONTACT is {contact!r}: it must be an e-mail address or a page's URL, so that "
                "Wikimedia can contact you."
            )
        if not base_url.startswith(("https://", "http://")):
            raise ConfigurationError(f"WIKIMEDIA_BASE_URL is {base_url!r}: it must be an http:// or https:// URL.")
        self._base_url = base_url.rstrip("/")
        # Shared by the threads: the pool below it is made for that, and nothing else in it changes.
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"mlops-pageviews/{__version__} ({contact})"
        self._session.headers["Accept"] = "application/json"
        retries = Retry(
            total=max_retries,
            backoff_factor=1,
            backoff_jitter=0.5,
            backoff_max=60,
            status_forcelist=(429, 500, 502, 503, 504),
            retry_after_max=MAX_RETRY_AFTER_SECONDS,
            raise_on_status=False,
        )
        adapter = HTTPAdapter(max_retries=retries, pool_maxsize=MAX_CONCURRENT_REQUESTS, pool_block=True)
        self._session.mount(self._base_url, adapter)

    def fetch_all(self, requested: Sequence[Window]) -> Generator[tuple[Window, dict[date, int | None]]]:
        """Each window with its views, in the order in which they arrive; see `fetch`.

        The first failure ends it: requests that have not begun are not sent.
        """
        with ThreadPoolExecutor(MAX_CONCURRENT_REQUESTS, thread_name_prefix="wikimedia") as threads:
            pending: dict[Future[dict[date, int | None]], Window] = {
                threads.submit(self.fetch, window): window for window in requested
            }
            try:
                for done in as_completed(pending):
                    yield pending[done], done.result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def fetch(self, window: Window) -> dict[date, int | None]:
        """The views of each day of the window; None where the API has none for it.

        Raises:
            UpstreamError: no answer, a refusal, or an answer that breaks the API's promises.
        """
        url = self._url(window)
        try:
            response = self._session.get(
                url, timeout=(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS), allow_redirects=False
            )
        except requests.RequestException as error:
            raise UpstreamError(
                f"The pageviews API does not answer at {self._base_url} ({_cause(error)}) for {window}; "
                "what arrived before is stored: run the same command again later."
            ) from error
        if response.status_code == 404 and _is_json_object(response.text):
            return dict.fromkeys(window.days)
        if response.status_code != 200:
            raise UpstreamError(
                f"The pageviews API answered {response.status_code} for {window} ({url}); "
                "200, or 404 with a JSON body for days without data, is expected: "
                "check WIKIMEDIA_BASE_URL and WIKIMEDIA_CONTACT, or run the same command again later."
            )
        return _views(window, response.text)

    def _url(self, window: Window) -> str:
        title = quote(window.article, safe="")
        path = f"metrics/pageviews/per-article/{PROJECT}/{ACCESS}/{AGENT}/{title}/daily"
        return f"{self._base_url}/{path}/{window.start:%Y%m%d}00/{window.end:%Y%m%d}00"


def _views(window: Window, body: str) -> dict[date, int | None]:
    try:
        items = Answer.model_validate_json(body).items
        found = {item.day: item.views for item in items}
    except (ValidationError, ValueError) as error:
        raise _malformed(window, _first_problem(error)) from error
    views: dict[date, int | None] = dict.fromkeys(window.days)
    expected = (PROJECT, window.article, ACCESS, AGENT, "daily")
    for item in items:
        if (item.project, item.article, item.access, item.agent, item.granularity) != expected:
            raise _malformed(
                window, f"it holds {item.project}/{item.article} ({item.granularity}), which was not requested"
            )
        if item.day not in views:
            raise _malformed(window, f"it holds {item.day}, which was not requested")
    if len(found) != len(items):
        raise _malformed(window, "it holds a day twice")
    return views | found


def _malformed(window: Window, problem: str) -> UpstreamError:
    return UpstreamError(
        f"The pageviews API's answer for {window} is malformed: {problem}; "
        "nothing of it is stored: run the same command again; if the error persists, the API has changed."
    )


def _first_problem(error: ValidationError | ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _cause(error: requests.RequestException) -> str:
    """The innermost reason: the outer ones repeat the URL and object addresses."""
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    return f"{type(inner).__name__}: {inner}"


def _is_json_object(text: str) -> bool:
    """A proxy's or a wrong address's 404 must not turn every day into a missing one."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
