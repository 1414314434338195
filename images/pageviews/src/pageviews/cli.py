"""The command line: one command for each task of the pipeline."""

import argparse
import sys
from collections.abc import Callable, Sequence

from pageviews import __version__, options
from pageviews.errors import PageviewsError

ENVIRONMENT = """
environment:
  WIKIMEDIA_CONTACT    your e-mail address or page, for the User-Agent (ingest; required)
  WIKIMEDIA_BASE_URL   the API's address, if not Wikimedia's own (ingest)
  PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, …   libpq's own (ingest, validate, train, predict)
  DATA_URI             where training snapshots are kept: file://, s3:// or gs:// (train, promote)
  MLFLOW_TRACKING_URI, MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD   (train, promote, predict, rollback)
                       the model's name: pageviews for the user pageviews, <user>-pageviews for others

exit codes:
  0 done (also when the gate refuses a challenger), 2 wrong argument or environment, 3 pageviews API,
  4 Postgres, 5 MLflow, 6 DATA_URI, 7 data not fit, 8 not yet: what an earlier step brings is missing, in a project
  without predictions; you can run the same command again after any of them
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    parsed = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = parsed.run
    try:
        command(parsed)
    except PageviewsError as error:
        # Print the earlier output first, even if both streams go to one log.
        sys.stdout.flush()
        print(f"pageviews {parsed.command}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="pageviews",
        description="Wikimedia pageviews to Postgres, a forecast model, and its predictions to Postgres.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"pageviews {__version__}")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        options.add_ingest,
        options.add_validate,
        options.add_train,
        options.add_promote,
        options.add_predict,
        options.add_rollback,
        options.add_inventory,
        options.add_baseline,
    ):
        add(subparsers)
    return root
