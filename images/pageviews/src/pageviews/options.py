"""The commands with their options, and what they say in --help."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

from pageviews import argument_types, commands
from pageviews.plan import MAX_HORIZON_DAYS, MIN_DAYS

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_ingest(subparsers: Subparsers) -> None:
    command = _add(subparsers, "ingest", commands.ingest, "store daily views; you can repeat it, for any past days")
    _add_articles(command)
    command.add_argument("--start", type=argument_types.day, metavar="YYYY-MM-DD", help="first day")
    command.add_argument("--end", type=argument_types.day, metavar="YYYY-MM-DD", help="last day, included")
    command.add_argument(
        "--date", type=argument_types.day, metavar="YYYY-MM-DD", help="one day, instead of --start and --end"
    )
    command.add_argument(
        "--history-days",
        type=argument_types.count,
        default=0,
        help="also ask for those of the last days, as many as this, that were never asked for (default: 0)",
    )
    command.add_argument(
        "--max-retries", type=argument_types.count, default=5, help="retries of a request (default: 5)"
    )


def add_validate(subparsers: Subparsers) -> None:
    command = _add(subparsers, "validate", commands.validate, "stop when the stored views are not fit for training")
    _add_articles(command)
    command.add_argument(
        "--date", type=argument_types.day, metavar="YYYY-MM-DD", help="validate as of this day (default: today, UTC)"
    )
    command.add_argument(
        "--min-days",
        type=argument_types.count,
        default=MIN_DAYS,
        help=f"required days of history (default: {MIN_DAYS})",
    )
    command.add_argument(
        "--max-age-days", type=argument_types.count, default=7, help="maximum age of the newest views (default: 7)"
    )
    command.add_argument(
        "--max-missing-percent", type=float, default=5.0, help="maximum share of days without views (default: 5)"
    )
    command.add_argument(
        "--spike-factor",
        type=float,
        default=100.0,
        help="maximum views of a day, as a multiple of the usual (default: 100)",
    )
    command.add_argument(
        "--wait-minutes",
        type=argument_types.count,
        default=0,
        help="for views that are missing, in a project without predictions so far (default: 0)",
    )


def add_train(subparsers: Subparsers) -> None:
    command = _add(
        subparsers, "train", commands.train, "train on the stored views, and register the model as the challenger"
    )
    _add_articles(command)
    command.add_argument(
        "--seed", type=argument_types.count, default=0, help="seed of the model's random choices (default: 0)"
    )


def add_promote(subparsers: Subparsers) -> None:
    command = _add(
        subparsers, "promote", commands.promote, "make the challenger the champion if it is better on the same holdout"
    )
    command.add_argument("--even-if-worse", action="store_true", help="promote any challenger, to test the platform")


def add_predict(subparsers: Subparsers) -> None:
    command = _add(
        subparsers, "predict", commands.predict, "store the champion's forecast, with its version in each row"
    )
    _add_articles(command)
    command.add_argument(
        "--date",
        type=argument_types.day,
        required=True,
        metavar="YYYY-MM-DD",
        help="first day to predict, from the views before it",
    )
    command.add_argument(
        "--horizon-days",
        type=argument_types.horizon,
        default=MAX_HORIZON_DAYS,
        help=f"1 to {MAX_HORIZON_DAYS} (default: 7)",
    )


def add_rollback(subparsers: Subparsers) -> None:
    _add(subparsers, "rollback", commands.rollback, "make the previous version the champion again")


def add_inventory(subparsers: Subparsers) -> None:
    _add(subparsers, "status", commands.status, "print what the pipeline has stored for this project, as JSON")
    _add(subparsers, "clean", commands.clean, "delete what the pipeline has stored: tables, snapshots, model, runs")


def add_baseline(subparsers: Subparsers) -> None:
    command = _add(
        subparsers, "baseline", commands.baseline, "compare the model with 'same day last week'; needs no server"
    )
    command.add_argument(
        "--data",
        metavar="FILE",
        help="CSV with article, day, views; any address fsspec knows (default: generated)",
    )
    command.add_argument("--seeds", type=argument_types.count, default=5, help="number of seeds (default: 5)")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")


def _add(
    subparsers: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], None],
    purpose: str,
) -> argparse.ArgumentParser:
    added = subparsers.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
    added.set_defaults(run=run, refuse=added.error)
    return added


def _add_articles(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--articles",
        nargs="+",
        action="extend",
        required=True,
        type=argument_types.article,
        metavar="TITLE",
        help="titles in the English Wikipedia, or addresses of their pages; --articles=TITLE, also several times, for "
        "one that begins with -",
    )
