"""How a task runs on the platform: as one pod of one of the platform's images, in its project's namespace."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import Asset
from kubernetes.client import models as k8s
from kubernetes.utils.quantity import parse_quantity

from common.platform import PlatformError, Project, Volume, platform

GROUP = 10001
"""The group of the images' user: fsGroup makes a claim's files writable for it where the storage class can."""

STARTUP_TIMEOUT = timedelta(minutes=10)
"""Until the pod runs: a new node and the first pull of an image of 1 GB take minutes."""

TASK_ID = re.compile(r"[a-z0-9]([-a-z0-9_]{0,48}[a-z0-9])?")


class Scheduling(TypedDict, total=False):
    """The arguments of BaseOperator and KubernetesPodOperator that a DAG may set itself."""

    inlets: Sequence[Asset]
    outlets: Sequence[Asset]
    trigger_rule: str
    retries: int
    max_active_tis_per_dag: int


def pod_task(
    task_id: str,
    *,
    project: str,
    image: str,
    arguments: Sequence[str],
    requests: Mapping[str, str] | None = None,
    limits: Mapping[str, str] | None = None,
    timeout: timedelta = timedelta(hours=1),
    **scheduling: Unpack[Scheduling],
) -> KubernetesPodOperator:
    """
    A task that runs ``arguments`` in a pod of the image ``images/<image>``, in the project's namespace.

        pod_task("train", project="examples", image="scikit-learn", arguments=["train", "--date", "{{ ds }}"])

    The container's environment is the project's ConfigMap and Secret, its identity the project's service
    account, its volumes the project's and an empty /tmp. The pod passes Pod Security's `restricted` level.

    :param task_id: lower-case letters, digits, - and _; the pod is named after it.
    :param project: a project of the stack's configuration.
    :param image: the name of a folder in images/, without registry and tag.
    :param arguments: the container's arguments, templated; the entry point is the image's own.
    :param requests: CPU and memory to reserve, over the project's default, e.g. ``{"memory": "512Mi"}``.
    :param limits: CPU and memory to allow, over the project's default.
    :param timeout: of one try, from the task's start; the cluster ends a pod that outlives it by itself.
    :raises PlatformError: when the DAG is parsed, for what the platform does not have.
    """
    the_platform = platform()
    the_project = the_platform.project(project)
    _check_task(task_id, arguments, timeout)
    _check_scheduling(task_id, scheduling)
    volumes = [_TMP, *(_volume(volume) for volume in the_project.volumes)]
    mounts = [_TMP_MOUNT, *(_mount(volume) for volume in the_project.volumes)]
    return KubernetesPodOperator(
        task_id=task_id,
        name=task_id.replace("_", "-"),
        namespace=the_project.namespace,
        image=the_platform.image(image),
        image_pull_policy=the_platform.image_pull_policy,
        arguments=list(arguments),
        env_from=_environment(the_project),
        labels=_labels(project, image),
        volumes=volumes,
        volume_mounts=mounts,
        container_resources=_resources(task_id, the_project, requests or {}, limits or {}),
        service_account_name=the_project.service_account,
        # Workload Identity asks the metadata server and IRSA mounts a token of its own: neither needs the API's.
        automount_service_account_token=False,
        security_context=_POD_SECURITY,
        container_security_context=_CONTAINER_SECURITY,
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
        **{**_RETRIES, **scheduling},
    )


_RETRIES: Mapping[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
}

_TMP = k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource(size_limit="1Gi"))
_TMP_MOUNT = k8s.V1VolumeMount(name="tmp", mount_path="/tmp")

_POD_SECURITY = k8s.V1PodSecurityContext(
    run_as_non_root=True,
    fs_group=GROUP,
    # Otherwise every start of a pod would walk the whole claim.
    fs_group_change_policy="OnRootMismatch",
    seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
)
_CONTAINER_SECURITY = k8s.V1SecurityContext(
    allow_privilege_escalation=False,
    capabilities=k8s.V1Capabilities(drop=["ALL"]),
    read_only_root_filesystem=True,
    run_as_non_root=True,
    seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
)


def _environment(project: Project) -> list[k8s.V1EnvFromSource]:
    # Optional: a project without ConfigMap or Secret works. The Secret is last, so that its keys win.
    return [
        k8s.V1EnvFromSource(config_map_ref=k8s.V1ConfigMapEnvSource(name=project.config_map, optional=True)),
        k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name=project.secret, optional=True)),
    ]


def _labels(project: str, image: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": image,
        "app.kubernetes.io/component": "task",
        "app.kubernetes.io/part-of": project,
        "app.kubernetes.io/managed-by": "airflow",
    }


def _volume(volume: Volume) -> k8s.V1Volume:
    if volume.claim:
        claim = k8s.V1PersistentVolumeClaimVolumeSource(claim_name=volume.claim, read_only=volume.read_only)
        return k8s.V1Volume(name=volume.name, persistent_volume_claim=claim)
    return k8s.V1Volume(name=volume.name, config_map=k8s.V1ConfigMapVolumeSource(name=volume.config_map))


def _mount(volume: Volume) -> k8s.V1VolumeMount:
    return k8s.V1VolumeMount(name=volume.name, mount_path=volume.mount_path, read_only=volume.read_only)


def _resources(
    task_id: str, project: Project, requests: Mapping[str, str], limits: Mapping[str, str]
) -> k8s.V1ResourceRequirements:
    """The project's resources with the task's own over them."""
    defaults = project.resources
    effective = {"requests": {**defaults.requests, **requests}, "limits": {**defaults.limits, **limits}}
    for kind, amounts in effective.items():
        if amounts.keys() != {"cpu", "memory"}:
            raise PlatformError(
                f"task {task_id!r}: {kind} are of {', '.join(sorted(amounts)) or 'nothing'}, expected of cpu and memory"
            )
    for name in ("cpu", "memory"):
        request, limit = effective["requests"][name], effective["limits"][name]
        if not 0 < _quantity(task_id, name, request) <= _quantity(task_id, name, limit):
            raise PlatformError(
                f"task {task_id!r}: the request of {name} is {request}, its limit {limit}: "
                "expected a request above 0 and not above the limit"
            )
    return k8s.V1ResourceRequirements(**effective)


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
            f"task_id is {task_id!r}: expected at most 50 of a-z, 0-9, - and _, as the pod is named after it"
        )
    # A text alone is a sequence of texts as well, of one letter each.
    if isinstance(arguments, str) or not all(isinstance(argument, str) for argument in arguments):
        raise PlatformError(f"task {task_id!r}: arguments are {arguments!r}, expected a list of texts")
    if timeout < timedelta(seconds=1):
        raise PlatformError(f"task {task_id!r}: timeout is {timeout}, expected at least a second")


def _check_scheduling(task_id: str, scheduling: Mapping[str, object]) -> None:
    unknown = sorted(scheduling.keys() - Scheduling.__annotations__.keys())
    if unknown:
        raise PlatformError(
            f"task {task_id!r}: pod_task() does not take {', '.join(unknown)}: beyond its own arguments a task sets "
            f"{', '.join(sorted(Scheduling.__annotations__))}; the platform sets the rest"
        )


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
