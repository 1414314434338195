"""Security groups as moto keeps them."""

from typing import Any


def names_group(group: Any, group_id: str) -> bool:
    """Whether a rule of a security group names another one."""
    rules = [*group.ingress_rules, *group.egress_rules]
    return group.id != group_id and any(rule.source_group.get("GroupId") == group_id for rule in rules)
