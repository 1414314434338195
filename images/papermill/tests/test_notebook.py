"""Running a notebook: where it and its page are stored, and what is said when that cannot be."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from upath import UPath

from report.cli import main


def written(folder: Path, code: str) -> Path:
    parameters = new_code_cell('who = "nobody"', metadata={"tags": ["parameters"]})
    file = folder / "greeting.ipynb"
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook = new_notebook(cells=[parameters, new_code_cell(code)], metadata={"kernelspec": kernel})
    nbformat.write(notebook, file)
    return file


@pytest.fixture
def greeting(tmp_path: Path) -> Path:
    return written(tmp_path, 'print("Hello,", who)')


@pytest.fixture
def data(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    return tmp_path / "data"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_notebook_and_its_page_are_stored(
    data: Path, greeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(greeting), "--name", "greetings/2026-11-21", "--parameter", "who=a=b"]) == 0
    reports = data / "reports" / "greetings"
    assert capsys.readouterr().out.splitlines() == [
        f"file://{reports}/2026-11-21.html",
        f"file://{reports}/2026-11-21.ipynb",
    ]
    assert (
        nbformat.read(reports / "2026-11-21.ipynb", as_version=4).cells[-1].outputs[0].text == "Hello, a=b\n"
    )
    page = (reports / "2026-11-21.html").read_text()
    assert "Hello, a=b" in page
    # Texts and figures for a reader: neither the code nor anything that a browser would fetch from elsewhere.
    assert "print(" not in page
    assert 'src="http' not in page and 'href="http' not in page


def test_the_working_directory_is_not_written_to(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read-only in a pod."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert main(["run", str(written(tmp_path, "import os; print(os.listdir())")), "--name", "listing"]) == 0
    executed = nbformat.read(data / "reports" / "listing.ipynb", as_version=4)
    assert executed.cells[-1].outputs[0].text == "[]\n"


def test_a_kernel_that_ends(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(written(tmp_path, "import os; os._exit(1)")), "--name", "daily"]) == 1
    assert (
        "greeting.ipynb lost its kernel (Kernel died), perhaps for lack of memory" in capsys.readouterr().err
    )
    assert files(data) == []


def test_a_bucket(environment: pytest.MonkeyPatch, s3: dict[str, str], greeting: Path) -> None:
    for name, value in {**s3, "DATA_URI": "s3://projects/pageviews"}.items():
        environment.setenv(name, value)
    assert main(["run", str(greeting), "--name", "greeting"]) == 0
    assert "Hello, nobody" in UPath("s3://projects/pageviews/reports/greeting.html").read_text()


def test_a_failing_cell_keeps_the_report_of_before(
    data: Path, greeting: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(greeting), "--name", "daily"]) == 0
    before = (data / "reports" / "daily.html").read_bytes()
    broken = written(tmp_path, 'raise ValueError("no views")')
    assert main(["run", str(broken), "--name", "daily"]) == 1
    failed = data / "reports" / "daily.failed.ipynb"
    assert capsys.readouterr().err == (
        f"report run: greeting.ipynb failed with ValueError: no views (see file://{failed})\n"
    )
    assert files(data) == ["reports/daily.failed.ipynb", "reports/daily.html", "reports/daily.ipynb"]
    assert (data / "reports" / "daily.html").read_bytes() == before


def test_a_parameter_that_the_notebook_does_not_have(
    data: Path, greeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(greeting), "--name", "daily", "--parameter", "whom=me"]) == 1
    assert capsys.readouterr().err == "report run: greeting.ipynb has no parameter whom: it has who\n"
    assert files(data) == []


def test_a_notebook_that_is_not_there(data: Path, greeting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = greeting.with_name("other.ipynb")
    assert main(["run", str(missing), "--name", "daily"]) == 1
    assert (
        capsys.readouterr().err == f"report run: {missing} does not exist: its folder holds greeting.ipynb\n"
    )


def test_a_store_that_refuses(
    environment: pytest.MonkeyPatch, s3: dict[str, str], greeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**s3, "DATA_URI": "s3://nobodys/pageviews"}.items():
        environment.setenv(name, value)
    assert main(["run", str(greeting), "--name", "daily"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(
        "report run: s3://nobodys/pageviews/reports/daily.html cannot be written: FileNotFound"
    )
    assert error.count("\n") == 1


def test_no_data_location_says_where_it_comes_from(
    environment: pytest.MonkeyPatch, greeting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(greeting), "--name", "daily"]) == 1
    assert capsys.readouterr().err.startswith(
        "report run: DATA_URI is not set: it is where the project's data is"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--name", "../daily"],
            "'../daily' is not a name: expected words separated by /, none starting with .",
        ),
        (["--name", "/daily"], "'/daily' is not a name"),
        (["--name", "daily", "--parameter", "who"], "'who' is not a parameter: expected NAME=TEXT"),
        (["--name", "daily", "--parameter", "1=2"], "'1=2' is not a parameter: expected NAME=TEXT"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["run", "greeting.ipynb", *arguments])
    assert message in capsys.readouterr().err
