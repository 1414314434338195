"""How a test asks what exists and what was sent, and switches faults on: the paths that begin with `_`."""

import threading
from typing import Any

from .faults import Faults
from .state import State


class Control:
    """The side of the imitation that Google does not have."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.faults = Faults()
        self._journal: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def note(self, kind: str, **what: Any) -> None:
        """Kinds: `answer`; `problems`, which Google would refuse; the imitation's own, `unknown` and `broken`."""
        with self._lock:
            self._journal.append({"kind": kind, **what})

    def answer(self, verb: str, path: str, body: Any) -> Any:
        if path == "_store":
            with self.state.lock:
                return {"resources": self.state.resources, "policies": self.state.policies}
        if path == "_journal":
            with self._lock:
                return list(self._journal)
        if path == "_faults" and verb == "POST":
            self.faults.add(body)
        elif path == "_faults" and verb == "DELETE":
            self.faults.clear()
        return self.faults.left()
