"""Days for a task's arguments, as templates.

A run that an asset or a person starts has no logical date and no data interval, but every run has
``run_after``: the day of a scheduled or backfilled run, otherwise the day on which the run started.
Clearing a run keeps it, so a repeated task does the same.
"""


def run_day(days: int = 0, *, param: str | None = None) -> str:
    """
    The run's day in UTC, such as 2026-11-21, plus that many days.

    :param days: days to add; -1 is the day before.
    :param param: a parameter of the DAG that overrides the day if it is set.
    """
    day = f"macros.ds_add(dag_run.run_after | ds, {days})" if days else "dag_run.run_after | ds"
    return f"{{{{ params.{param} or ({day}) }}}}" if param else f"{{{{ {day} }}}}"
