"""Failures that an operator can act on."""


class ReportError(Exception):
    """An expected failure: its text is a clear sentence, never a secret, and the only thing printed."""
