import pytest

from examples.cli import main


def test_hello_names_the_settings_that_it_has(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("PGHOST", "postgres.mlops.svc")
    environment.setenv("DATA_URI", "file:///data")
    assert main(["hello"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Hello from ")
    assert lines[-2:] == ["API token: not mounted", "settings: DATA_URI, PGHOST"]


def test_without_settings(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hello"]) == 0
    assert capsys.readouterr().out.endswith("settings: none\n")
