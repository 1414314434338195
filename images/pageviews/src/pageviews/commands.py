"""What each command of the command line runs.

Each imports what it needs when it runs: ingesting loads no scikit-learn and no MLflow.
"""

import argparse
from datetime import UTC, datetime, timedelta


def _articles(parsed: argparse.Namespace) -> list[str]:
    return list(dict.fromkeys(parsed.articles))


def ingest(parsed: argparse.Namespace) -> None:
    start, end = (parsed.date, parsed.date) if parsed.date else (parsed.start, parsed.end)
    if not start or not end or (parsed.date and (parsed.start or parsed.end)):
        parsed.refuse("give either --start and --end, or --date")
    from pageviews import ingest as step

    step.ingest(_articles(parsed), start, end, history_days=parsed.history_days, max_retries=parsed.max_retries)


def validate(parsed: argparse.Namespace) -> None:
    from pageviews import quality, validation

    articles = _articles(parsed)
    limits = quality.Limits(
        min_days=parsed.min_days,
        max_age_days=parsed.max_age_days,
        max_missing_percent=parsed.max_missing_percent,
        spike_factor=parsed.spike_factor,
    )
    today = parsed.date or datetime.now(UTC).date()
    days = validation.validate(articles, today, limits, timedelta(minutes=parsed.wait_minutes))
    print(f"{', '.join(articles)}: {days} stored days are fit for training")


def train(parsed: argparse.Namespace) -> None:
    from pageviews import training

    training.train(_articles(parsed), parsed.seed)


def promote(parsed: argparse.Namespace) -> None:
    from pageviews import promotion

    promotion.promote(even_if_worse=parsed.even_if_worse)


def predict(parsed: argparse.Namespace) -> None:
    from pageviews import prediction

    prediction.predict(_articles(parsed), parsed.date, parsed.horizon_days)


def rollback(_: argparse.Namespace) -> None:
    from pageviews import promotion

    promotion.roll_back()


def status(_: argparse.Namespace) -> None:
    from pageviews import inventory

    print(inventory.as_json(inventory.take()))


def clean(_: argparse.Namespace) -> None:
    from pageviews import inventory

    inventory.remove()
    print(inventory.as_json(inventory.take()))


def baseline(parsed: argparse.Namespace) -> None:
    from pageviews import baseline as comparison

    rows = comparison.compare(parsed.data, parsed.seeds)
    print(comparison.as_json(rows) if parsed.json else comparison.as_table(rows))
