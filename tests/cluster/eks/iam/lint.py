"""Reads identity policies by their name as JSON from stdin, and prints what parliament finds in each."""

import json
import sys
from collections.abc import Iterator

from parliament import analyze_policy_string


def findings(name: str, policy: object) -> Iterator[str]:
    for finding in analyze_policy_string(json.dumps(policy)).findings:
        detail = json.dumps(finding.detail, default=str, sort_keys=True)
        yield f"{name}: {finding.issue} {detail}"


def main() -> None:
    policies = json.load(sys.stdin)
    found = [finding for name, policy in policies.items() for finding in findings(name, policy)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
