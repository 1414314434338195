"""Faults that a test switches on: an error, an answer that gets lost, an operation that takes long."""

import re
import threading
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """What happens to the next calls of some methods."""

    # Pattern of the methods' ids in Google's descriptions.
    method: str
    times: int = 1
    # The error that is answered in place of doing anything.
    code: int | None = None
    message: str = ""
    status: str = ""
    # Whether the request is done and its answer never sent.
    lost: bool = False
    # Seconds that the operation takes which the request starts.
    seconds: float = 0


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: dict[str, Any]) -> None:
        with self._lock:
            self._faults.append(Fault(**fault))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def left(self) -> list[dict[str, Any]]:
        """Those that have not met all their calls."""
        with self._lock:
            return [dict(vars(one)) for one in self._faults if one.times > 0]

    def meet(self, method: str) -> Fault | None:
        """The fault that a call meets."""
        with self._lock:
            met = next((one for one in self._faults if one.times > 0 and re.fullmatch(one.method, method)), None)
            if met is not None:
                met.times -= 1
            return met
