"""Wrong use of the helper package is a sentence when the DAG is parsed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from kubernetes.client import models as k8s

from common.platform import Platform, PlatformError, platform
from common.tasks import DISK, pod_task

RIGHT: dict[str, Any] = {"project": "examples", "image": "pandas-basic", "arguments": ["hello"]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"project": "pageview"},
            "this platform has no project 'pageview' (its projects are examples, pageviews, verify): "
            "correct the DAG, or add the project to `projects` in the stack's configuration",
        ),
        (
            {"image": "tensorflow"},
            "this platform has no image 'tensorflow' "
            "(its images are geopandas, pageviews, pandas-basic, papermill, scikit-learn): "
            "correct the DAG, or add the image to images/",
        ),
        (
            {"task_id": "Hello World"},
            "task_id is 'Hello World': expected at most 50 characters of a-z, 0-9, - and _, because it names the pod",
        ),
        ({"task_id": "a" * 51}, f"task_id is '{'a' * 51}': expected at most 50"),
        ({"arguments": "hello"}, "task 'hello': arguments are 'hello', expected a list of strings"),
        ({"arguments": ["rows", 5]}, "task 'hello': arguments are ['rows', 5], expected a list of strings"),
        (
            {"requests": {"memory": "2Gi"}},
            "task 'hello': the request of memory is 2Gi, its limit 1Gi: "
            "expected a request above 0 and not above the limit",
        ),
        ({"requests": {"cpu": "0"}}, "task 'hello': the request of cpu is 0, its limit 1"),
        (
            {"limits": {"memory": "1 GB"}},
            "task 'hello': '1 GB' is not a quantity of memory: expected one such as 500m or 512Mi",
        ),
        (
            {"limits": {"gpu": "1"}},
            "task 'hello': limits are of cpu, gpu, memory, expected of cpu and memory, and of ephemeral-storage and "
            "devices such as nvidia.com/gpu",
        ),
        (
            {"requests": {"nvidia.com/gpu": "1"}},
            "task 'hello': the request of nvidia.com/gpu is 1, its limit missing: set devices in limits alone",
        ),
        (
            {"requests": {"nvidia.com/gpu": "1"}, "limits": {"nvidia.com/gpu": "2"}},
            "task 'hello': the request of nvidia.com/gpu is 1, its limit 2: set devices in limits alone",
        ),
        (
            {"limits": {"nvidia.com/gpu": "0.5"}},
            "task 'hello': the limit of nvidia.com/gpu is 0.5, expected a whole number",
        ),
        (
            {"limits": {"nvidia.com/gpu": "-1"}},
            "task 'hello': the limit of nvidia.com/gpu is -1, expected a whole number",
        ),
        ({"timeout": timedelta(0)}, "task 'hello': timeout is 0:00:00, expected at least one second"),
        (
            {"namespace": "default", "hostnetwork": True},
            "task 'hello': pod_task() does not accept hostnetwork, namespace: besides its own arguments, a task may "
            "set inlets, max_active_tis_per_dag, outlets, retries, skip_on_exit_code, trigger_rule; "
            "the platform sets the rest",
        ),
    ],
)
def test_wrong_use_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(PlatformError) as refused:
        pod_task(**{"task_id": "hello", **RIGHT, **wrong})
    assert str(refused.value).startswith(message)


def test_project_and_image_are_required() -> None:
    for missing in ("project", "image", "arguments"):
        with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{missing}'"):
            pod_task("hello", **{key: value for key, value in RIGHT.items() if key != missing})


def test_a_task_sets_its_own_scheduling() -> None:
    task = pod_task("hello", **RIGHT, retries=0, trigger_rule="all_done", timeout=timedelta(minutes=5))
    assert (task.retries, task.trigger_rule, task.execution_timeout) == (0, "all_done", timedelta(minutes=5))


def test_a_task_overrides_one_resource_and_keeps_the_others() -> None:
    task = pod_task("hello", **RIGHT, limits={"memory": "4Gi"})
    assert task.container_resources is not None
    assert task.container_resources.limits == {"cpu": "1", "memory": "4Gi"}
    assert task.container_resources.requests == {"cpu": "100m", "memory": "256Mi"}


def test_a_task_takes_a_gpu() -> None:
    task = pod_task("hello", **RIGHT, limits={"nvidia.com/gpu": "1"})
    assert task.container_resources is not None
    assert task.container_resources.limits == {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "1"}
    assert task.container_resources.requests == {"cpu": "100m", "memory": "256Mi"}


def test_a_task_may_request_as_many_devices_as_its_limit() -> None:
    task = pod_task("hello", **RIGHT, requests={"nvidia.com/gpu": "2"}, limits={"nvidia.com/gpu": "2"})
    assert task.container_resources is not None
    assert task.container_resources.requests == {"cpu": "100m", "memory": "256Mi", "nvidia.com/gpu": "2"}


def test_a_task_names_its_nodes_beside_those_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    project = platform().project("examples")
    spec = project.pod.spec.model_dump(mode="json")
    site = {"nodeSelector": {"zone": "a"}, "tolerations": [{"key": "site", "operator": "Exists"}]}
    pod = project.pod.model_validate_json(json.dumps({"spec": {**spec, **site}}))
    own = Platform.project
    monkeypatch.setattr(Platform, "project", lambda self, name: own(self, name).model_copy(update={"pod": pod}))
    spot = k8s.V1Toleration(key="mlops/spot", operator="Exists")
    task = pod_task("hello", **RIGHT, node_selector={"mlops/pool": "spot"}, tolerations=[spot])
    placed = task.build_pod_request_obj(dry_run=True).spec
    assert placed.node_selector == {"zone": "a", "mlops/pool": "spot"}
    assert [toleration.key for toleration in placed.tolerations] == ["site", "mlops/spot"]


def test_a_task_says_once_what_it_may_write_to_its_node() -> None:
    for requests, limits in (({DISK: "4Gi"}, {}), ({}, {DISK: "4Gi"})):
        resources = pod_task("hello", **RIGHT, requests=requests, limits=limits).container_resources
        assert resources is not None
        assert (resources.requests[DISK], resources.limits[DISK]) == ("4Gi", "4Gi")
    with pytest.raises(PlatformError, match="the request of ephemeral-storage is 4Gi, its limit 2Gi"):
        pod_task("hello", **RIGHT, requests={DISK: "4Gi"}, limits={DISK: "2Gi"})
