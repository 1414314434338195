"""One form for each article, however its title is written."""

import shlex
import unicodedata

import pytest

from pageviews.titles import as_argument, normalised, page

SAO_PAULO = "S\u00e3o_Paulo"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Spain", "Spain"),
        ("spain", "Spain"),
        (" Spain ", "Spain"),
        ("Spain_", "Spain"),
        ("New York City", "New_York_City"),
        ("New  York\u00a0City", "New_York_City"),
        ("New_York_City", "New_York_City"),
        ("S\u00e3o Paulo", SAO_PAULO),
        (unicodedata.normalize("NFD", "S\u00e3o Paulo"), SAO_PAULO),
        ("S%C3%A3o_Paulo", SAO_PAULO),
        ("Sa%CC%83o_Paulo", SAO_PAULO),
        ("\u00e9clair", "\u00c9clair"),
        ("e\u0301clair", "\u00c9clair"),
        ("AC/DC", "AC/DC"),
        ("AC%2FDC", "AC/DC"),
        ("C++", "C++"),
        ("C%2B%2B", "C++"),
        ("50% off", "50%_off"),
        ("Who's Afraid of Virginia Woolf?", "Who's_Afraid_of_Virginia_Woolf?"),
        ("9/11 conspiracy theories", "9/11_conspiracy_theories"),
        ("Earth, Wind & Fire", "Earth,_Wind_&_Fire"),
        ("Earth, Wind &amp; Fire", "Earth,_Wind_&_Fire"),
        ('"Heroes" (David Bowie album)', '"Heroes"_(David_Bowie_album)'),
        ("Python (programming language)", "Python_(programming_language)"),
        ("-30-", "-30-"),
        ("\u5317\u4eac\u5e02", "\u5317\u4eac\u5e02"),
        ("\u00df", "\u00df"),
        ("\u10e1\u10d0", "\u10e1\u10d0"),
        (":Spain", "Spain"),
        ("\u200eSpain", "Spain"),
        ("Spain#History", "Spain"),
        ("Spain %23History", "Spain"),
        ("https://en.wikipedia.org/wiki/Spain", "Spain"),
        ("http://en.m.wikipedia.org/wiki/spain?oldid=1#History", "Spain"),
        ("//en.wikipedia.org/wiki/AC/DC", "AC/DC"),
        ("en.wikipedia.org/wiki/S%C3%A3o_Paulo", SAO_PAULO),
        ("https://en.wikipedia.org/wiki/Who%27s_Afraid_of_Virginia_Woolf%3F", "Who's_Afraid_of_Virginia_Woolf?"),
        ("https://en.wikipedia.org/w/index.php?title=New+York+City&action=history", "New_York_City"),
    ],
)
def test_an_article_has_one_title(text: str, title: str) -> None:
    assert normalised(text) == title
    assert normalised(title) == title, "again, as each task does"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a title is empty"),
        (" ", "a title is empty"),
        ("#History", "'#History' names no article"),
        ("_", "'_' names no article"),
        ("https://en.wikipedia.org/", "names no article"),
        ("https://de.wikipedia.org/wiki/Spanien", "is not a page of en.wikipedia.org"),
        ("https://example.org/wiki/Spain", "is not a page of en.wikipedia.org"),
        ("{{ run_id }}", "'{{ run_id }}' cannot be a title: it has '{'"),
        ("[[Spain]]", "cannot be a title: it has '['"),
        ("Spain|Kingdom of Spain", "cannot be a title: it has '|'"),
        ("Spain\nAmsterdam", "cannot be a title: it has '\\n'"),
        ("AC%252FDC", "cannot be a title: it is encoded twice"),
        ("S%E3o_Paulo", "is percent-encoded, but not from UTF-8"),
        ("..", "a part of it is only dots"),
        ("a" * 256, "is 256 bytes long: a title has at most 255"),
    ],
)
def test_what_cannot_be_a_title_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        normalised(text)
    assert message in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("title", ["Spain", "-30-", '"Heroes"_(David_Bowie_album)', "Who's_Afraid_of_Virginia_Woolf?"])
def test_a_shell_reads_the_argument_of_a_title_as_one_word(title: str) -> None:
    assert shlex.split(as_argument(title)) == [f"--articles={title}"]


@pytest.mark.parametrize("title", ["AC/DC", "50%_off", "Who's_Afraid_of_Virginia_Woolf?"])
def test_the_address_of_a_page_is_the_articles(title: str) -> None:
    assert normalised(page(title)) == title
