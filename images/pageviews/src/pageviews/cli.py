"""The command line: one command for each task of the pipeline."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from pageviews import __version__, titles
from pageviews.errors import PageviewsError
from pageviews.plan import MAX_HORIZON_DAYS, MIN_DAYS

# Each command imports what it needs when it runs: ingesting loads no scikit-learn and no MLflow.

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
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ingest = _add(commands, "ingest", _ingest, "store daily views; you can repeat it, for any past days")
    _add_articles(ingest)
    ingest.add_argument("--start", type=_day, metavar="YYYY-MM-DD", help="first day")
    ingest.add_argument("--end", type=_day, metavar="YYYY-MM-DD", help="last day, included")
    ingest.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="one day, instead of --start and --end")
    ingest.add_argument(
        "--history-days",
        type=_count,
        default=0,
        help="also ask for those of the last days, as many as this, that were never asked for (default: 0)",
    )
    ingest.add_argument("--max-retries", type=_count, default=5, help="retries of a request (default: 5)")

    validate = _add(commands, "validate", _validate, "stop when the stored views are not fit for training")
    _add_articles(validate)
    validate.add_argument(
        "--date", type=_day, metavar="YYYY-MM-DD", help="validate as of this day (default: today, UTC)"
    )
    validate.add_argument(
        "--min-days", type=_count, default=MIN_DAYS, help=f"required days of history (default: {MIN_DAYS})"
    )
    validate.add_argument("--max-age-days", type=_count, default=7, help="maximum age of the newest views (default: 7)")
    validate.add_argument(
        "--max-missing-percent", type=float, default=5.0, help="maximum share of days without views (default: 5)"
    )
    validate.add_argument(
        "--spike-factor",
        type=float,
        default=100.0,
        help="maximum views of a day, as a multiple of the usual (default: 100)",
    )

    validate.add_argument(
        "--wait-minutes",
        type=_count,
        default=0,
        help="for views that are missing, in a project without predictions so far (default: 0)",
    )

    train = _add(commands, "train", _train, "train on the stored views, and register the model as the challenger")
    _add_articles(train)
    train.add_argument("--seed", type=_count, default=0, help="seed of the model's random choices (default: 0)")

    promote = _add(
        commands, "promote", _promote, "make the challenger the champion if it is better on the same holdout"
    )
    promote.add_argument("--even-if-worse", action="store_true", help="promote any challenger, to test the platform")

    predict = _add(commands, "predict", _predict, "store the champion's forecast, with its version in each row")
    _add_articles(predict)
    predict.add_argument(
        "--date",
        type=_day,
        required=True,
        metavar="YYYY-MM-DD",
        help="first day to predict, from the views before it",
    )
    predict.add_argument(
        "--horizon-days", type=_horizon, default=MAX_HORIZON_DAYS, help=f"1 to {MAX_HORIZON_DAYS} (default: 7)"
    )

    _add(commands, "rollback", _rollback, "make the previous version the champion again")

    _add(commands, "status", _status, "print what the pipeline has stored for this project, as JSON")
    _add(commands, "clean", _clean, "delete what the pipeline has stored: tables, snapshots, model, runs")

    baseline = _add(commands, "baseline", _baseline, "compare the model with 'same day last week'; needs no server")
    baseline.add_argument(
        "--data",
        metavar="FILE",
        help="CSV with article, day, views; any address fsspec knows (default: generated)",
    )
    baseline.add_argument("--seeds", type=_count, default=5, help="number of seeds (default: 5)")
    baseline.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return root


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    purpose: str,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
    added.set_defaults(run=run, refuse=added.error)
    return added


def _add_articles(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--articles",
        nargs="+",
        action="extend",
        required=True,
        type=_article,
        metavar="TITLE",
        help="titles in the English Wikipedia, or addresses of their pages; --articles=TITLE, also several times, for "
        "one that begins with -",
    )


def _article(text: str) -> str:
    try:
        return titles.normalised(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date in the format YYYY-MM-DD") from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _horizon(text: str) -> int:
    days = _count(text)
    if not 1 <= days <= MAX_HORIZON_DAYS:
        raise argparse.ArgumentTypeError(f"{days} days are outside 1 to {MAX_HORIZON_DAYS}")
    return days


def _articles(parsed: argparse.Namespace) -> list[str]:
    return list(dict.fromkeys(parsed.articles))


def _ingest(parsed: argparse.Namespace) -> None:
    start, end = (parsed.date, parsed.date) if parsed.date else (parsed.start, parsed.end)
    if not start or not end or (parsed.date and (parsed.start or parsed.end)):
        parsed.refuse("give either --start and --end, or --date")
    from pageviews.ingest import ingest

    ingest(_articles(parsed), start, end, history_days=parsed.history_days, max_retries=parsed.max_retries)


def _validate(parsed: argparse.Namespace) -> None:
    from pageviews import quality
    from pageviews.validation import validate

    articles = _articles(parsed)
    limits = quality.Limits(
        min_days=parsed.min_days,
        max_age_days=parsed.max_age_days,
        max_missing_percent=parsed.max_missing_percent,
        spike_factor=parsed.spike_factor,
    )
    today = parsed.date or datetime.now(UTC).date()
    days = validate(articles, today, limits, timedelta(minutes=parsed.wait_minutes))
    print(f"{', '.join(articles)}: {days} stored days are fit for training")


def _train(parsed: argparse.Namespace) -> None:
    from pageviews.training import train

    train(_articles(parsed), parsed.seed)


def _promote(parsed: argparse.Namespace) -> None:
    from pageviews.promotion import promote

    promote(even_if_worse=parsed.even_if_worse)


def _predict(parsed: argparse.Namespace) -> None:
    from pageviews.prediction import predict

    predict(_articles(parsed), parsed.date, parsed.horizon_days)


def _rollback(_: argparse.Namespace) -> None:
    from pageviews.promotion import roll_back

    roll_back()


def _status(_: argparse.Namespace) -> None:
    from pageviews import inventory

    print(inventory.as_json(inventory.take()))


def _clean(_: argparse.Namespace) -> None:
    from pageviews import inventory

    inventory.remove()
    print(inventory.as_json(inventory.take()))


def _baseline(parsed: argparse.Namespace) -> None:
    from pageviews import baseline

    rows = baseline.compare(parsed.data, parsed.seeds)
    print(baseline.as_json(rows) if parsed.json else baseline.as_table(rows))
