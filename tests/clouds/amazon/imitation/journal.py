"""What was asked of the imitation, and what AWS would not have liked about it."""

import threading
import time
from typing import Any

from .call import Call


class Journal:
    """The requests in their order, with the complaints between them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Each with its kind: `answer`, or `complaint`."""
        with self._lock:
            return list(self._entries)

    def answer(self, call: Call, code: int, since: float, body: bytes) -> None:
        """Notes a request that is answered; the code is 0 where its answer got lost."""
        entry = {
            "kind": "answer",
            "id": call.name,
            "region": call.region,
            "body": call.parameters,
            "code": code,
            "seconds": round(time.monotonic() - since, 3),
            "answer": body[:400].decode("utf-8", "replace") if code >= 400 else "",
        }
        with self._lock:
            self._entries.append(entry)

    def complain(self, text: str) -> None:
        """Notes what AWS takes though it does not work in the end, or would refuse."""
        with self._lock:
            self._entries.append({"kind": "complaint", "text": text})
