"""The command line of the package: what the DAG's pod runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from report.errors import ReportError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, or that of an error, told in one sentence."""
    options = parser().parse_args(arguments)
    try:
        # Papermill and the kernel's client take seconds to import: not for --help.
        from report import notebook

        notebook.run(options.notebook, options.name, dict(options.parameter))
    except ReportError as error:
        print(f"report {options.command}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="report", description="Notebooks as reports, stored below DATA_URI/reports."
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "run",
        help="run a notebook and store it",
        description="Runs the notebook and stores the executed notebook as DATA_URI/reports/NAME.ipynb and "
        "as the page NAME.html, replacing those of an earlier run with this name. A failed notebook is "
        "stored as NAME.failed.ipynb and does not replace earlier reports; the exit code is 1. A notebook "
        "that raises NothingToReport has no data yet: nothing is stored, and the exit code is 8.",
    )
    command.add_argument("notebook", type=Path, help="the notebook's file, for example pageviews.ipynb")
    command.add_argument("--name", required=True, type=_name, help="for example pageviews/2026-11-21")
    command.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_parameter,
        metavar="NAME=TEXT",
        help="the value of a parameter of the notebook, as a string; may be repeated",
    )
    return root


def _name(text: str) -> str:
    parts = text.split("/")
    if not all(part and not part.startswith(".") and part.isprintable() for part in parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a name: expected words separated by /, none starting with ."
        )
    return text


def _parameter(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not a parameter: expected NAME=TEXT")
    return name, value
