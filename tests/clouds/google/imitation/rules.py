"""What Google's descriptions do not say and its servers refuse."""

import re
from collections.abc import Iterator

from .discovery import Json
from .state import objects

LABEL_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")
ACCOUNT = re.compile(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])")


def rule_problems(path: str, body: Json) -> Iterator[str]:
    """Source: https://cloud.google.com/resource-manager/docs/labels-overview#requirements"""
    for name in ("labels", "resourceLabels", "userLabels"):
        # The labels of nodes are Kubernetes' own, which are wider.
        if name == "labels" and "nodePools" in path:
            continue
        for labels in objects(body, name):
            for key, value in labels.items():
                if not LABEL_KEY.fullmatch(key) or not LABEL_VALUE.fullmatch(str(value)):
                    yield f"label {key}={value} is not one of Google's"
    if path.endswith("/serviceAccounts") and not ACCOUNT.fullmatch(body.get("accountId", "")):
        yield f"account id {body.get('accountId')!r}"
