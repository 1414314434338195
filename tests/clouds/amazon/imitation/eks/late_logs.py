"""EKS writes a control plane's last events after it is gone, and makes the log group again for them."""

import threading
import time

from .state import State


def write_late_events(state: State, cluster: str) -> None:
    """Writes to the log group of a cluster that is gone, every two seconds for a while."""
    name = f"/aws/eks/{cluster}/cluster"

    def write() -> None:
        until = time.monotonic() + state.settings.late_log_seconds
        while time.monotonic() < until and not state.closed.wait(2):
            logs = state.neighbours.logs
            if name not in logs.groups and (cluster,) not in state.clusters:
                logs.create_log_group(name, {})

    threading.Thread(target=write, daemon=True).start()
