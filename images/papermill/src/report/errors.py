"""Failures that an operator can act on."""


class ReportError(Exception):
    """An expected failure: its text is a clear sentence, never a secret, and the only thing printed."""

    exit_code = 1


class NotYetError(ReportError):
    """What the notebook shows is not there yet; the task is skipped."""

    exit_code = 8
