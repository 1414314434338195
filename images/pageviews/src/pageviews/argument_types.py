"""Texts of the command line as the values that they stand for."""

import argparse
from datetime import date

from pageviews import titles
from pageviews.plan import MAX_HORIZON_DAYS


def article(text: str) -> str:
    try:
        return titles.normalised(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date in the format YYYY-MM-DD") from None


def count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def horizon(text: str) -> int:
    days = count(text)
    if not 1 <= days <= MAX_HORIZON_DAYS:
        raise argparse.ArgumentTypeError(f"{days} days are outside 1 to {MAX_HORIZON_DAYS}")
    return days
