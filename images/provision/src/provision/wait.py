"""Waiting for a server, with a line now and then so that the log shows why nothing happens."""

import time
from collections.abc import Callable
from typing import TypeVar

from provision.errors import NotReadyError, ProvisionError

REPORT_EVERY_SECONDS = 10.0
RETRY_EVERY_SECONDS = 1.0

T = TypeVar("T")


def wait_for(what: str, attempt: Callable[[], T], timeout_seconds: float) -> T:
    """Calls `attempt` until it raises no NotReadyError and returns what it returns.

    Any other exception ends the wait at once: time does not cure a wrong password.
    """
    started = time.monotonic()
    reported = started
    while True:
        try:
            return attempt()
        except NotReadyError as error:
            now = time.monotonic()
            if now - started >= timeout_seconds:
                raise ProvisionError(
                    f"{what} did not answer within {timeout_seconds:g} s: {error}; "
                    "check that it runs and that a NetworkPolicy lets this pod reach it"
                ) from error
            if now - reported >= REPORT_EVERY_SECONDS:
                reported = now
                print(
                    f"waiting for {what}, {now - started:.0f} of {timeout_seconds:g} s: {error}", flush=True
                )
            time.sleep(min(RETRY_EVERY_SECONDS, max(timeout_seconds - (now - started), 0)))
