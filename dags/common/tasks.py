"""How a task runs on the platform: as one pod of one of the platform's images, in its project's namespace."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import Asset
from kubernetes.client import models as k8s
from kubernetes.utils.quantity import parse_quantity

from common.placement import on_spot_nodes, placed
from common.platform import PlatformError, Resources, platform

STARTUP_TIMEOUT = timedelta(minutes=10)
"""Until the pod runs: a new node and the first pull of an image of 1 GB take minutes."""

TASK_ID = re.compile(r"[a-z0-9]([-a-z0-9_]{0,48}[a-z0-9])?")

DISK = "ephemeral-storage"
"""What a task may write to its node."""

WHOLE_NUMBER = re.compile(r"[0-9]+")


NOT_YET = 8
"""Exit code by which the platform's images say that what an earlier task brings is not there yet."""


class Scheduling(TypedDict, total=False):
    """The arguments of BaseOperator and KubernetesPodOperator that a DAG may set itself."""

    inlets: Sequence[Asset]
    outlets: Sequence[Asset]
    trigger_rule: str
    retries: int
    max_active_tis_per_dag: int
    skip_on_exit_code: int | None


def pod_task(
    task_id: str,
    *,
    project: str,
    image: str,
    arguments: Sequence[str],
    requests: Mapping[str, str] | None = None,
    limits: Mapping[str, str] | None = None,
    timeout: timedelta = timedelta(hours=1),
    node_selector: Mapping[str, str] | None = None,
    tolerations: Sequence[k8s.V1Toleration] = (),
    spot: bool | None = None,
    **scheduling: Unpack[Scheduling],
) -> KubernetesPodOperator:
    """
    A task that runs ``arguments`` in a pod of the image ``images/<image>``, in the project's namespace.

        pod_task("train", project="examples", image="scikit-learn", arguments=["train", "--run-name", run_day()])

    The container's environment is the project's ConfigMap and Secret, its identity the project's service
    account, its volumes the project's and an empty /tmp. The pod passes Pod Security's `restricted` level.

    :param task_id: lower-case letters, digits, - and _; the pod is named after it.
    :param project: a project of the stack's configuration.
    :param image: the name of a folder in images/, without registry and tag.
    :param arguments: the container's arguments, templated; the entry point is the image's own.
    :param requests: CPU, memory and ``ephemeral-storage`` to reserve, over the project's default, e.g.
        ``{"memory": "512Mi"}``.
    :param limits: CPU, memory and ``ephemeral-storage`` to allow, over the project's default, and a whole number of
        devices such as ``{"nvidia.com/gpu": "1"}``, which reserves them too.
    :param timeout: of one try, from the task's start; the cluster ends a pod that outlives it by itself.
    :param node_selector: labels of the nodes, over the project's default, e.g. ``{"zone": "a"}``.
    :param tolerations: of the nodes' taints, beside the project's own.
    :param spot: whether the task runs on the stack's spot nodes, if it has any. The cloud may reclaim them at any time,
        which ends the try. By default what the stack says (``cluster.spotNodes.tasksByDefault``), and never for a task
        that has no retries, names its nodes or needs a device.
    :raises PlatformError: when the DAG is parsed, for what the platform does not have.
    """
    the_platform = platform()
    the_project = the_platform.project(project)
    _check_task(task_id, arguments, timeout)
    _check_scheduling(task_id, scheduling)
    devices = [name for name in limits or {} if "/" in name]
    if spot and devices:
        raise PlatformError(
            f"task {task_id!r}: spot=True with {devices[0]}: spot nodes have no devices; "
            "cluster.gpuNodes.spot in the stack's configuration lets the cloud reclaim those that have"
        )
    options = {**_RETRIES, **scheduling}
    pod = placed(the_project.pod.model_dump(mode="json"), node_selector or {}, tolerations)
    nodes = the_platform.spot_nodes
    if nodes is not None and spot is None:
        # One reclaim would fail a task without retries.
        spot = nodes.tasks_by_default and not node_selector and not devices and options["retries"] > 0
    if nodes is not None and spot:
        pod = on_spot_nodes(pod, nodes, retries=options["retries"])
    return KubernetesPodOperator(
        task_id=task_id,
        name=task_id.replace("_", "-"),
        pod_template_dict=pod,
        image=the_platform.image(image),
        arguments=list(arguments),
        labels={"app.kubernetes.io/name": image},
        container_resources=_resources(task_id, the_project.pod.resources, requests or {}, limits or {}),
        in_cluster=the_platform.in_cluster,
        # No look-up of a connection, whose settings would contradict in_cluster.
        kubernetes_conn_id=None,
        get_logs=True,
        log_events_on_failure=True,
        on_finish_action="delete_pod",
        # Results go to Postgres, MLflow and object storage: XCom's sidecar is an image from Docker Hub that
        # `restricted` refuses, and a deferred task without XCom can succeed although its pod failed.
        do_xcom_push=False,
        deferrable=False,
        startup_timeout_seconds=_seconds(STARTUP_TIMEOUT),
        active_deadline_seconds=_seconds(timeout),
        execution_timeout=timeout,
        owner=project,
        **options,
    )


_RETRIES: Mapping[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
}


def _resources(
    task_id: str, defaults: Resources, requests: Mapping[str, str], limits: Mapping[str, str]
) -> k8s.V1ResourceRequirements | None:
    """The project's resources with the task's own over them; none where the template's are right as they are."""
    if not requests and not limits:
        return None
    effective = {"requests": {**defaults.requests, **requests}, "limits": {**defaults.limits, **limits}}
    for kind, amounts in effective.items():
        # Devices have a name with a domain; their request is their limit.
        if {name for name in amounts if "/" not in name} - {DISK} != {"cpu", "memory"}:
            raise PlatformError(
                f"task {task_id!r}: {kind} are of {', '.join(sorted(amounts)) or 'nothing'}, expected of cpu and "
                f"memory, and of {DISK} and devices such as nvidia.com/gpu"
            )
    _share_disk(requests, limits, effective)
    for name in [name for name in ("cpu", "memory", DISK) if name in effective["requests"]]:
        request, limit = effective["requests"][name], effective["limits"][name]
        if not 0 < _quantity(task_id, name, request) <= _quantity(task_id, name, limit):
            raise PlatformError(
                f"task {task_id!r}: the request of {name} is {request}, its limit {limit}: "
                "expected a request above 0 and not above the limit"
            )
    for name in sorted({*effective["requests"], *effective["limits"]} - {"cpu", "memory", DISK}):
        _check_device(task_id, name, effective["requests"].get(name), effective["limits"].get(name))
    return k8s.V1ResourceRequirements(**effective)


def _share_disk(requests: Mapping[str, str], limits: Mapping[str, str], effective: dict[str, dict[str, str]]) -> None:
    """A task that says one of the two for its node's disk means both, as GKE's Autopilot does."""
    said = requests.get(DISK, limits.get(DISK))
    if said is not None:
        effective["requests"][DISK] = said
        effective["limits"][DISK] = limits.get(DISK, said)


def _check_device(task_id: str, name: str, request: str | None, limit: str | None) -> None:
    """The API server's own rules: devices are counted, and none are requested that are not the limit."""
    if limit is None or request not in (None, limit):
        raise PlatformError(
            f"task {task_id!r}: the request of {name} is {request}, its limit {limit or 'missing'}: "
            "set devices in limits alone"
        )
    if not WHOLE_NUMBER.fullmatch(str(limit)):
        raise PlatformError(f"task {task_id!r}: the limit of {name} is {limit}, expected a whole number")


def _quantity(task_id: str, name: str, amount: str) -> float:
    try:
        return float(parse_quantity(amount))
    except ValueError:
        raise PlatformError(
            f"task {task_id!r}: {amount!r} is not a quantity of {name}: expected one such as 500m or 512Mi"
        ) from None


def _check_task(task_id: str, arguments: Sequence[str], timeout: timedelta) -> None:
    if not TASK_ID.fullmatch(task_id):
        raise PlatformError(
            f"task_id is {task_id!r}: expected at most 50 characters of a-z, 0-9, - and _, because it names the pod"
        )
    # A single string is also a sequence of strings, one for each letter.
    if isinstance(arguments, str) or not all(isinstance(argument, str) for argument in arguments):
        raise PlatformError(f"task {task_id!r}: arguments are {arguments!r}, expected a list of strings")
    if timeout < timedelta(seconds=1):
        raise PlatformError(f"task {task_id!r}: timeout is {timeout}, expected at least one second")


def _check_scheduling(task_id: str, scheduling: Mapping[str, object]) -> None:
    unknown = sorted(scheduling.keys() - Scheduling.__annotations__.keys())
    if unknown:
        raise PlatformError(
            f"task {task_id!r}: pod_task() does not accept {', '.join(unknown)}: besides its own arguments, a task "
            f"may set {', '.join(sorted(Scheduling.__annotations__))}; the platform sets the rest"
        )


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
