"""A Wikipedia article's title in the form in which MediaWiki, the pageviews API and the tables know it.

Everything that names an article passes through `normalised`: what it returns has no spaces, and only one form for an
article. The rules are MediaWiki's own (https://www.mediawiki.org/wiki/Manual:Title.php).
"""

import html
import re
import shlex
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

SITE = "en.wikipedia.org"
"""Whose views are asked for."""

MAX_BYTES = 255

_ADDRESS = re.compile(r"(?:https?:)?//|(?:[a-z-]+\.)+(?:wikipedia|wikimedia)\.org/", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z0-9]+);")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# Spaces of every kind, as MediaWiki lists them, and marks that change only the direction of writing.
_SPACES = re.compile("[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e]")
_FORBIDDEN = re.compile("[\\x00-\\x1f\\x7f<>\\[\\]{}|\ufffd]")
_GEORGIAN = re.compile("[\u10d0-\u10ff]")


def normalised(text: str) -> str:
    """
    The article's title with underscores, composed letters (NFC) and a capital first letter.

    Takes a title as a person writes it, percent-encoded or not, and the address of an article's page. A section
    (`#History`) is left out: views are counted for whole pages.

    Raises:
        ValueError: in one sentence, for what cannot be the title of an article.
    """
    title = text.strip()
    title = _from_address(title) if _ADDRESS.match(title) else _decoded(title, text)
    title = unicodedata.normalize("NFC", _ENTITY.sub(lambda entity: html.unescape(entity[0]), title))
    title = _SPACES.sub("_", _DIRECTION_MARKS.sub("", title)).lstrip(":_")
    title = title.partition("#")[0].strip("_")
    _check(title, text)
    return _capital(title[0]) + title[1:]


def as_argument(title: str) -> str:
    """The option that names a title on a command line in a shell, also one that begins with a hyphen."""
    return shlex.quote(f"--articles={title}")


def page(title: str) -> str:
    """The address of the article's page."""
    return f"https://{SITE}/wiki/{title.replace('%', '%25').replace('?', '%3F')}"


def _from_address(address: str) -> str:
    """The title in the address of a page, as `/wiki/Spain` or `/w/index.php?title=Spain`."""
    parts = urlsplit(address if "//" in address[:8] else f"https://{address}")
    if (parts.hostname or "").replace(".m.", ".") != SITE:
        raise ValueError(f"{address!r} is not a page of {SITE}: only views of its articles are asked for")
    title = parts.path.removeprefix("/wiki/") if parts.path.startswith("/wiki/") else ""
    if not title:
        return parse_qs(parts.query).get("title", [""])[0]
    return _decoded(title, address)


def _decoded(title: str, text: str) -> str:
    """MediaWiki allows no title with %XX, so that one can only be an encoded one."""
    if not _ESCAPE.search(title):
        return title
    try:
        return unquote(title, errors="strict")
    except UnicodeDecodeError:
        raise ValueError(f"{text!r} is percent-encoded, but not from UTF-8: write the title itself") from None


def _check(title: str, text: str) -> None:
    if not title:
        raise ValueError("a title is empty" if not text.strip() else f"{text!r} names no article")
    forbidden = _FORBIDDEN.search(title)
    if forbidden or _ESCAPE.search(title) or _ENTITY.search(title) or "~~~" in title:
        found = f"it has {forbidden[0]!r}" if forbidden else "it is encoded twice, or has ~~~"
        raise ValueError(f"{text!r} cannot be a title: {found}; write it as the heading of the article's page")
    if {".", ".."} & set(title.split("/")):
        raise ValueError(f"{text!r} cannot be a title: a part of it is only dots")
    size = len(title.encode())
    if size > MAX_BYTES:
        raise ValueError(f"{text[:40]!r}… is {size} bytes long: a title has at most {MAX_BYTES}")


def _capital(letter: str) -> str:
    """As in Wikipedia: letters whose capital is two letters (ß), and Georgian ones, stay."""
    capital = letter.upper()
    return letter if len(capital) > 1 or _GEORGIAN.match(letter) else capital
