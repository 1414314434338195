"""Failures that a user can act on."""


class ProvisionError(Exception):
    """An expected failure; its text is the one sentence that the command prints."""


class NotReadyError(Exception):
    """The server cannot answer yet; its text is the reason that the waiting line shows."""
