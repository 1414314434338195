"""The command line of the package: what the DAGs' pods run."""

import argparse
import sys
from collections.abc import Sequence

from examples import checks, hello
from examples.errors import ExampleError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, or 1 after one sentence on standard error."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except ExampleError as error:
        print(f"examples {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="examples",
        description="Small tasks that check the connections of a task's pod. The settings come "
        "from the environment: PG*, MLFLOW_TRACKING_*, DATA_URI, and AWS_* or the pod's own identity.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("hello", help="print the user, the host and the settings")
    command.set_defaults(run=lambda options: hello.hello())

    command = commands.add_parser("check", help="connect to Postgres, MLflow and the data location")
    command.add_argument(
        "--only",
        nargs="+",
        choices=checks.CHECKS,
        default=list(checks.CHECKS),
        help="what to check (default: all)",
    )
    command.set_defaults(run=lambda options: checks.check(options.only))

    command = commands.add_parser("database-roundtrip", help="write a table to Postgres and read it back")
    command.add_argument("step", choices=("write", "read"))
    command.add_argument(
        "--run-id", required=True, help="the run that the rows belong to; a repeated write replaces them"
    )
    command.add_argument("--rows", type=_positive, default=1000, help="rows to write (default: 1000)")
    command.set_defaults(run=_roundtrip)
    return root


def _roundtrip(options: argparse.Namespace) -> None:
    # pandas takes a second to import: not for the other commands.
    from examples import roundtrip

    step = roundtrip.write if options.step == "write" else roundtrip.read
    step(options.run_id, options.rows)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows: expected at least 1")
    return int(text)
