import subprocess
import sys

import pytest

from pageviews.cli import main, parser

COMMANDS = ["ingest", "validate", "train", "promote", "predict", "rollback", "status", "clean", "baseline"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: pageviews {command}" in capsys.readouterr().out


def test_the_help_names_all_commands_and_what_they_read(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for word in [*COMMANDS, "WIKIMEDIA_CONTACT", "PGHOST", "DATA_URI", "MLFLOW_TRACKING_URI", "exit codes"]:
        assert word in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["ingest", "--start", "2025-01-01", "--end", "2025-01-02"], "required: --articles"),
        (["ingest", "--articles", "Spain"], "give either --start and --end, or --date"),
        (["ingest", "--articles", "Spain", "--start", "2025-01-01"], "give either --start and --end, or --date"),
        (
            ["ingest", "--articles", "Spain", "--date", "2025-01-01", "--end", "2025-01-01"],
            "give either --start and --end, or --date",
        ),
        (["ingest", "--articles", "Spain", "--date", "1.1.2025"], "'1.1.2025' is not a date in the format YYYY-MM-DD"),
        (["ingest", "--articles", " ", "--date", "2025-01-01"], "a title is empty"),
        (
            ["predict", "--articles", "https://de.wikipedia.org/wiki/Spanien", "--date", "2025-01-01"],
            "is not a page of en.wikipedia.org",
        ),
        (["train", "--articles", "Spain", "--seed", "-1"], "'-1' is not a whole number of 0 or more"),
        (["train", "--articles", "Spain", "--seed", "one"], "'one' is not a whole number of 0 or more"),
        (["predict", "--articles", "Spain"], "required: --date"),
        (
            ["predict", "--articles", "Spain", "--date", "2025-01-01", "--horizon-days", "8"],
            "8 days are outside 1 to 7",
        ),
    ],
)
def test_wrong_use_says_what_is_right(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2025-01-02", "2025-01-01", "The start 2025-01-02 is after the end 2025-01-01"),
        ("2015-06-30", "2025-01-01", "The start 2015-06-30 is before 2015-07-01"),
        ("2025-01-01", "9999-01-01", "The end 9999-01-01 is in the future"),
    ],
)
def test_impossible_days_are_refused(start: str, end: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--articles", "Spain", "--start", start, "--end", end]) == 2
    assert message in capsys.readouterr().err


def test_ingest_needs_a_contact(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--articles", "Spain", "--date", "2025-01-01"]) == 2
    assert capsys.readouterr().err == (
        "pageviews ingest: WIKIMEDIA_CONTACT is not set: it says who runs this client, for example "
        "ops@example.org; Wikimedia requires it.\n"
    )


def test_no_database_is_one_sentence_without_the_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"PGHOST": "127.0.0.1", "PGPORT": "9", "PGDATABASE": "x", "PGPASSWORD": "hidden-word"}.items():
        monkeypatch.setenv(name, value)
    assert main(["validate", "--articles", "Spain"]) == 4
    printed = capsys.readouterr().err
    assert printed.startswith("pageviews validate: Postgres at 127.0.0.1:9/x failed: ")
    assert "Connection refused" in printed
    assert "hidden-word" not in printed
    assert len(printed.splitlines()) == 1


def test_titles_are_brought_to_one_form_and_taken_once() -> None:
    command = ["validate", "--articles=-30-", "--articles", "new York City", "New_York_City", "--articles=Spain"]
    assert list(dict.fromkeys(parser().parse_args(command).articles)) == ["-30-", "New_York_City", "Spain"]


def test_ingesting_loads_no_learning_library() -> None:
    heavy = "{'sklearn', 'mlflow', 'pandas', 'numpy', 'fsspec'}"
    program = f"import sys, pageviews.cli, pageviews.ingest; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
