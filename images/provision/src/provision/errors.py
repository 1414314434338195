"""Failures that a user can act on."""


class ProvisionError(Exception):
    """An expected failure; its text is the one sentence that the command prints."""


class NotReadyError(Exception):
    """The server cannot answer yet; its text is the reason that the waiting line shows."""


def innermost_reason(error: Exception) -> str:
    """Why a request failed, without urllib3's layers of retries."""
    reason = getattr(error, "reason", None)
    return innermost_reason(reason) if isinstance(reason, Exception) else " ".join(str(error).split())[:200]
