"""Faults that a test switches on: an error in place of an answer, an answer that gets lost, an answer that is late."""

import re
import threading
from dataclasses import dataclass
from typing import Any

from .call import Call
from .refusal import refused


@dataclass
class Fault:
    """What happens to the next calls of some operations."""

    method: str
    """Pattern of the operations' names, such as `ec2:CreateVpc`."""
    times: int = 1
    """How many calls it hits."""
    code: int | None = None
    """HTTP status of an error that is answered in place of doing anything."""
    message: str = ""
    status: str = ""
    """AWS's name of the error, such as `RequestLimitExceeded`."""
    lost: bool = False
    """Whether the request is done and its answer never sent."""
    seconds: float = 0
    """How much later the call is answered, when it is done."""


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: dict[str, Any]) -> None:
        """Switches one on."""
        with self._lock:
            self._faults.append(Fault(**fault))

    def clear(self) -> None:
        """Switches all off."""
        with self._lock:
            self._faults.clear()

    def left(self) -> list[dict[str, Any]]:
        """Those that have not hit all their calls."""
        with self._lock:
            return [dict(vars(one)) for one in self._faults if one.times > 0]

    def meet(self, call: Call) -> Fault | None:
        """The fault that a call meets; raises its error where it has one."""
        with self._lock:
            met = next((one for one in self._faults if one.times > 0 and re.fullmatch(one.method, call.name)), None)
            if met is None:
                return None
            met.times -= 1
        if met.code is not None:
            raise refused(met.status, met.message or f"{call.name}: {met.status}", met.code)
        return met
