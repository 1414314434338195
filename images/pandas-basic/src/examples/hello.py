"""Says who and where this is: enough to see that a pod runs as the platform means it to."""

import os
import platform
import sys
from pathlib import Path

SETTINGS = ("AWS_", "DATA_URI", "MLFLOW_", "PG")
"""The beginnings of the names that a project's ConfigMap and Secret give."""


def hello() -> None:
    """Prints the user, Python, whether the root is read-only, and the settings' names (never a value)."""
    settings = sorted(name for name in os.environ if name.startswith(SETTINGS))
    print(f"Hello from {platform.node()}")
    print(f"user {os.getuid()}, groups {' '.join(str(group) for group in sorted(os.getgroups()))}")
    print(f"Python {platform.python_version()} in {sys.prefix}")
    print(f"root file system: {'writable' if os.access('/', os.W_OK) else 'not writable'}")
    print(f"API token: {'mounted' if _TOKEN.exists() else 'not mounted'}")
    print(f"settings: {', '.join(settings) or 'none'}")


_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
