"""Which nodes a task's pod runs on, over what its project says."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubernetes.client import ApiClient
from kubernetes.client import models as k8s

from common.platform import SpotNodes

Json = dict[str, Any]

ANY_NODE = ("kubernetes.io/os", "linux")
"""A label of each node that a pod of the platform's images runs on."""

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
    tolerated = placed(template, {}, [k8s.V1Toleration(key=nodes.taint, operator="Exists")])
    spec = tolerated["spec"]
    affinity = spec.get("affinity", {})
    return {**tolerated, "spec": {**spec, "affinity": _also(affinity, _required(nodes, retries), _preferred(nodes))}}


def _required(nodes: SpotNodes, retries: int) -> Json:
    if retries == 0:
        return _is_in(nodes.label, [nodes.spot])
    if nodes.on_demand is not None:
        return _is_in(nodes.label, [nodes.spot, _in_last_try(nodes.on_demand, nodes.spot)])
    # A label of any node takes the place of the one that only spot nodes have.
    return _is_in(_in_last_try(ANY_NODE[0], nodes.label), [_in_last_try(ANY_NODE[1], nodes.spot)])


def _preferred(nodes: SpotNodes) -> list[Json]:
    if nodes.on_demand is None:
        return []
    return [{"weight": 100, "preference": {"matchExpressions": [_is_in(nodes.label, [nodes.on_demand])]}}]


def _in_last_try(last: str, before: str) -> str:
    return f"{{{{ '{last}' if {LAST_TRY} else '{before}' }}}}"


def _is_in(label: str, values: list[str]) -> Json:
    return {"key": label, "operator": "In", "values": values}


def _also(affinity: Json, required: Json, preferred: list[Json]) -> Json:
    """An affinity with one requirement and preferences more. One of the terms has to hold, so each gets it."""
    to_nodes = affinity.get("nodeAffinity", {})
    selector = to_nodes.get("requiredDuringSchedulingIgnoredDuringExecution", {})
    terms = [
        {**term, "matchExpressions": [*term.get("matchExpressions", []), required]}
        for term in selector.get("nodeSelectorTerms", [{}])
    ]
    wishes = [*to_nodes.get("preferredDuringSchedulingIgnoredDuringExecution", []), *preferred]
    own = {
        "requiredDuringSchedulingIgnoredDuringExecution": {**selector, "nodeSelectorTerms": terms},
        **({"preferredDuringSchedulingIgnoredDuringExecution": wishes} if wishes else {}),
    }
    return {**affinity, "nodeAffinity": {**to_nodes, **own}}
