"""Where a task's pod runs if the stack has spot nodes."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client import ApiClient

from common.platform import Platform, PlatformError, SpotNodes, platform
from common.tasks import pod_task

Json = dict[str, Any]

RIGHT: Json = {"project": "examples", "image": "pandas-basic", "arguments": ["hello"]}
POOL = "mlops/pool"
SPOT_TAINT = {"key": "mlops/spot", "operator": "Exists"}
NODES: Json = {"label": POOL, "spot": "spot", "onDemand": "platform", "taint": "mlops/spot"}
GKE_SPOT = "cloud.google.com/gke-spot"
AUTOPILOT: Json = {"label": GKE_SPOT, "spot": "true", "taint": GKE_SPOT}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives the tests' platform spot nodes, and its projects more of a pod's specification."""

    def use(*, tasks_by_default: bool = True, spec: Json | None = None, marks: Json = NODES) -> None:
        nodes = SpotNodes.model_validate({**marks, "tasksByDefault": tasks_by_default})
        own = platform()
        project = own.projects["examples"]
        pod = project.pod.model_dump(mode="json")
        content = json.dumps({**pod, "spec": {**pod["spec"], **(spec or {})}})
        examples = project.model_copy(update={"pod": project.pod.model_validate_json(content)})
        update = {"spot_nodes": nodes, "projects": {**own.projects, "examples": examples}}
        changed = own.model_copy(update=update)
        monkeypatch.setattr("common.tasks.platform", lambda: changed)

    return use


def spec_of(task: KubernetesPodOperator, *, try_number: int = 1, max_tries: int = 2) -> Json:
    """The specification of the task's pod in a try, with its templates rendered as Airflow renders them."""
    ti: Any = SimpleNamespace(try_number=try_number, max_tries=max_tries)
    task.render_template_fields({"ti": ti})
    content: Json = ApiClient().sanitize_for_serialization(task.build_pod_request_obj(dry_run=True))
    spec: Json = content["spec"]
    return spec


def required_of(spec: Json) -> list[Json]:
    selector = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    terms: list[Json] = selector["nodeSelectorTerms"]
    return terms


def pools_of(spec: Json) -> set[str]:
    """The pools that a pod may run on."""
    [term] = required_of(spec)
    [requirement] = term["matchExpressions"]
    assert (requirement["key"], requirement["operator"]) == (POOL, "In")
    return set(requirement["values"])


def is_on_spot(spec: Json) -> bool:
    return SPOT_TAINT in (spec.get("tolerations") or [])


def test_each_task_runs_on_spot_nodes_and_in_its_last_try_on_any(stack: Callable[..., None]) -> None:
    stack()
    for try_number, pools in [(1, {"spot"}), (2, {"spot"}), (3, {"spot", "platform"})]:
        spec = spec_of(pod_task("hello", **RIGHT), try_number=try_number)
        assert is_on_spot(spec)
        assert pools_of(spec) == pools, try_number
    [wish] = spec["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert wish["preference"]["matchExpressions"] == [{"key": POOL, "operator": "In", "values": ["platform"]}]


def test_a_cleared_task_begins_on_spot_nodes_again(stack: Callable[..., None]) -> None:
    stack()
    # Airflow gives a cleared task its retries once more.
    assert pools_of(spec_of(pod_task("hello", **RIGHT), try_number=4, max_tries=5)) == {"spot"}


@pytest.mark.parametrize(
    "own",
    [{"spot": False}, {"retries": 0}, {"node_selector": {"zone": "a"}}, {"limits": {"nvidia.com/gpu": "1"}}],
)
def test_a_task_stays_off_spot_nodes(stack: Callable[..., None], own: Json) -> None:
    stack()
    spec = spec_of(pod_task("hello", **RIGHT, **own))
    assert not is_on_spot(spec)
    assert not spec.get("affinity")


def test_only_tasks_that_ask_run_on_spot_nodes_where_the_stack_says_no_more(stack: Callable[..., None]) -> None:
    stack(tasks_by_default=False)
    assert not is_on_spot(spec_of(pod_task("hello", **RIGHT)))
    assert pools_of(spec_of(pod_task("hello", **RIGHT, spot=True))) == {"spot"}


def test_a_task_without_retries_that_asks_gets_no_other_nodes(stack: Callable[..., None]) -> None:
    stack(tasks_by_default=False)
    assert pools_of(spec_of(pod_task("hello", **RIGHT, spot=True, retries=0), max_tries=0)) == {"spot"}


def test_a_stack_without_spot_nodes_runs_the_same_dag(stack: Callable[..., None]) -> None:
    spec = spec_of(pod_task("hello", **RIGHT, spot=True))
    assert not is_on_spot(spec)
    assert not spec.get("affinity")


def test_a_cluster_whose_other_nodes_have_no_label_is_asked_for_any_node_in_the_last_try(
    stack: Callable[..., None],
) -> None:
    stack(marks=AUTOPILOT)
    for try_number, label, value in [(1, GKE_SPOT, "true"), (2, GKE_SPOT, "true"), (3, "kubernetes.io/os", "linux")]:
        spec = spec_of(pod_task("hello", **RIGHT), try_number=try_number)
        assert required_of(spec) == [{"matchExpressions": [{"key": label, "operator": "In", "values": [value]}]}]
        assert spec["tolerations"] == [{"key": GKE_SPOT, "operator": "Exists"}]
        assert not spec["affinity"]["nodeAffinity"].get("preferredDuringSchedulingIgnoredDuringExecution")
    spec = spec_of(pod_task("hello", **RIGHT, retries=0, spot=True), max_tries=0)
    assert required_of(spec) == [{"matchExpressions": [{"key": GKE_SPOT, "operator": "In", "values": ["true"]}]}]


def test_the_sites_own_requirements_hold_too(stack: Callable[..., None]) -> None:
    amd64 = {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}
    fast = {"key": "disk", "operator": "Exists"}
    terms = [{"matchExpressions": [amd64]}, {"matchExpressions": [fast]}]
    to_nodes = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    site = {"key": "dedicated", "operator": "Exists"}
    stack(spec={"affinity": {"nodeAffinity": to_nodes, "podAntiAffinity": {}}, "tolerations": [site]})
    spec = spec_of(pod_task("hello", **RIGHT))
    assert [[one["key"] for one in term["matchExpressions"]] for term in required_of(spec)] == [
        ["kubernetes.io/arch", POOL],
        ["disk", POOL],
    ]
    assert spec["tolerations"] == [site, SPOT_TAINT]
    assert "podAntiAffinity" in spec["affinity"]


def test_spot_nodes_have_no_devices() -> None:
    with pytest.raises(PlatformError, match=r"spot=True with nvidia.com/gpu: spot nodes have no devices"):
        pod_task("hello", **RIGHT, spot=True, limits={"nvidia.com/gpu": "1"})


def test_platform_json_says_where_spot_nodes_are() -> None:
    content = {"version": 1, "images": {}, "projects": {}, "spotNodes": {**NODES, "tasksByDefault": True}}
    nodes = Platform.model_validate_json(json.dumps(content)).spot_nodes
    assert nodes is not None
    assert (nodes.tasks_by_default, nodes.on_demand) == (True, "platform")
