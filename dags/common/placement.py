"""Which nodes a task's pod runs on, over what its project says."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubernetes.client import ApiClient
from kubernetes.client import models as k8s

from common.platform import SpotNodes

Json = dict[str, Any]

LAST_TRY = "ti.try_number > ti.max_tries"
"""Holds in the last try that Airflow makes by itself; the pod's template is rendered before each try."""


def placed(template: Json, node_selector: Mapping[str, str], tolerations: Sequence[k8s.V1Toleration]) -> Json:
    """The template with a task's nodes: the operator's own arguments would replace the project's."""
    spec = template["spec"]
    if node_selector:
        spec = {**spec, "nodeSelector": {**spec.get("nodeSelector", {}), **node_selector}}
    if tolerations:
        own = ApiClient().sanitize_for_serialization(list(tolerations))
        spec = {**spec, "tolerations": [*spec.get("tolerations", []), *own]}
    return {**template, "spec": spec}


def on_spot_nodes(template: Json, nodes: SpotNodes, *, retries: int) -> Json:
    """
    The template on spot nodes, whose end ends the try.

    The last try may run on any node of the platform, at best on one that stays: a task does not fail because
    its nodes were reclaimed each time, or because the cloud had none to give. A task without retries has no such try.
    """
    last = f"{{{{ '{nodes.on_demand}' if {LAST_TRY} else '{nodes.spot}' }}}}"
    required = _is_in(nodes.label, [nodes.spot] if retries == 0 else [nodes.spot, last])
    preferred = {"weight": 100, "preference": {"matchExpressions": [_is_in(nodes.label, [nodes.on_demand])]}}
    tolerated = placed(template, {}, [k8s.V1Toleration(key=nodes.taint, operator="Exists")])
    spec = tolerated["spec"]
    affinity = spec.get("affinity", {})
    return {**tolerated, "spec": {**spec, "affinity": _also(affinity, required, preferred)}}


def _is_in(label: str, values: list[str]) -> Json:
    return {"key": label, "operator": "In", "values": values}


def _also(affinity: Json, required: Json, preferred: Json) -> Json:
    """An affinity with one requirement and one preference more. One of the terms has to hold, so each gets it."""
    to_nodes = affinity.get("nodeAffinity", {})
    selector = to_nodes.get("requiredDuringSchedulingIgnoredDuringExecution", {})
    terms = [
        {**term, "matchExpressions": [*term.get("matchExpressions", []), required]}
        for term in selector.get("nodeSelectorTerms", [{}])
    ]
    wishes = [*to_nodes.get("preferredDuringSchedulingIgnoredDuringExecution", []), preferred]
    own = {
        "requiredDuringSchedulingIgnoredDuringExecution": {**selector, "nodeSelectorTerms": terms},
        "preferredDuringSchedulingIgnoredDuringExecution": wishes,
    }
    return {**affinity, "nodeAffinity": {**to_nodes, **own}}
