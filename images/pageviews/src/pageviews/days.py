"""Days in a row."""

from datetime import date, timedelta


def days_between(first: date, last: date) -> list[date]:
    """Both included; none where the last is before the first."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
