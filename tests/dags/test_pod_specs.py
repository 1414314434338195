"""The pod of every task, as the operator would create it, without a cluster."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client import ApiClient

from conftest import task_of, tasks_of
from sample import DAG_FILES, DATA, POSTGRES_CA, TMP, Volume, platform_json

Json = dict[str, Any]

PROJECT_OF = {
    "about_this_platform": "examples",
    "hello_kubernetes": "examples",
    "database_roundtrip": "examples",
    "mnist": "examples",
    "pageviews_ingest": "pageviews",
    "pageviews_train": "pageviews",
    "pageviews_predict": "pageviews",
    "pageviews_rollback": "pageviews",
    "papermill_report": "pageviews",
    "verify_pageviews_ingest": "verify",
    "verify_pageviews_train": "verify",
    "verify_pageviews_predict": "verify",
}

IMAGE_OF = {
    "about_this_platform": "pandas-basic",
    "hello_kubernetes": "pandas-basic",
    "platform_check": "pandas-basic",
    "database_roundtrip": "pandas-basic",
    "mnist": "scikit-learn",
    "pageviews_ingest": "pageviews",
    "pageviews_train": "pageviews",
    "pageviews_predict": "pageviews",
    "pageviews_rollback": "pageviews",
    "papermill_report": "papermill",
    "verify_pageviews_ingest": "pageviews",
    "verify_pageviews_train": "pageviews",
    "verify_pageviews_predict": "pageviews",
}

RESOURCES_OF = {
    "mnist.train": ({"cpu": "500m", "memory": "1Gi"}, {"cpu": "2", "memory": "2Gi"}),
    "pageviews_train.train": ({"cpu": "500m", "memory": "512Mi"}, {"cpu": "2", "memory": "2Gi"}),
    "verify_pageviews_train.train": ({"cpu": "500m", "memory": "512Mi"}, {"cpu": "2", "memory": "2Gi"}),
    "papermill_report.report": ({"cpu": "100m", "memory": "512Mi"}, {"cpu": "1", "memory": "1Gi"}),
}
DEFAULT_RESOURCES = ({"cpu": "100m", "memory": "256Mi"}, {"cpu": "1", "memory": "1Gi"})


def pod(task: KubernetesPodOperator) -> Json:
    """The task's pod as the API server receives it."""
    content: Json = ApiClient().sanitize_for_serialization(task.build_pod_request_obj(dry_run=True))
    return content


def pods(bag: DagBag) -> dict[str, Json]:
    return {name: pod(task) for name, task in tasks_of(bag).items()}


def project_of(name: str) -> str:
    dag_id, task_id = name.split(".")
    return PROJECT_OF.get(dag_id) or task_id.removeprefix("check_")


@pytest.fixture(scope="module")
def every_pod(dag_bag: DagBag) -> dict[str, Json]:
    return pods(dag_bag)


def test_a_pod_runs_in_its_projects_namespace_as_its_service_account(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        project = project_of(name)
        assert content["metadata"]["namespace"] == project, name
        assert content["spec"]["serviceAccountName"] == f"{project}-tasks", name
        assert content["spec"]["automountServiceAccountToken"] is False, name
        # Otherwise a Service named mlflow would set MLFLOW_PORT.
        assert content["spec"]["enableServiceLinks"] is False, name


def test_a_pod_is_one_container_of_a_pinned_image(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        [container] = content["spec"]["containers"]
        image = IMAGE_OF[name.split(".")[0]]
        assert container["image"] == f"registry.example.org/mlops/{image}:0.1.0", name
        assert container["imagePullPolicy"] == "IfNotPresent", name
        # The image's entry point runs: no shell in between that would read the arguments.
        assert container["command"] == [], name
        assert content["spec"]["initContainers"] == [], name


def test_the_environment_is_the_projects_config_map_and_secret(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        [container] = content["spec"]["containers"]
        project = project_of(name)
        assert container["envFrom"] == [
            {"configMapRef": {"name": f"{project}-settings", "optional": True}},
            {"secretRef": {"name": f"{project}-secrets", "optional": True}},
        ], name
        assert container["env"] == [], name


def test_resources_are_the_projects_or_the_tasks_own(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        [container] = content["spec"]["containers"]
        requests, limits = RESOURCES_OF.get(name, DEFAULT_RESOURCES)
        assert container["resources"] == {"requests": requests, "limits": limits}, name


def test_labels_say_what_runs_and_for_whom(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        assert content["metadata"]["labels"] == {
            "app.kubernetes.io/name": IMAGE_OF[name.split(".")[0]],
            "app.kubernetes.io/component": "task",
            "app.kubernetes.io/part-of": project_of(name),
            "app.kubernetes.io/managed-by": "airflow",
            "airflow_version": "3.3.2",
        }, name


def test_a_pod_is_named_after_its_task(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        task = name.split(".")[1].replace("_", "-")
        assert re.fullmatch(rf"{task}-[a-z0-9]{{8}}", content["metadata"]["name"]), name


def restricted_violations(spec: Json) -> list[str]:
    """
    What Pod Security's level `restricted` refuses in a Linux pod.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    """
    pod_security = spec.get("securityContext", {})
    found = [key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    volume_types = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim"}
    volume_types |= {"projected", "secret"}
    for volume in spec.get("volumes", []):
        if not (volume.keys() - {"name"}) <= volume_types:
            found.append(f"volume {volume['name']}")
    for container in spec["containers"] + spec.get("initContainers", []):
        security = container.get("securityContext", {})
        capabilities = security.get("capabilities", {})
        allowed = {
            "privileged": not security.get("privileged"),
            "allowPrivilegeEscalation": security.get("allowPrivilegeEscalation") is False,
            "capabilities": "ALL" in capabilities.get("drop", [])
            and set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"},
            "runAsNonRoot": security.get("runAsNonRoot", pod_security.get("runAsNonRoot")) is True,
            "runAsUser": 0 not in (security.get("runAsUser"), pod_security.get("runAsUser")),
            "seccompProfile": (security.get("seccompProfile") or pod_security.get("seccompProfile") or {}).get("type")
            in ("RuntimeDefault", "Localhost"),
            "hostPort": not any(port.get("hostPort") for port in container.get("ports", [])),
        }
        found += [f"{container['name']}: {key}" for key, fine in allowed.items() if not fine]
    return found


def test_every_pod_passes_restricted_with_a_read_only_root(every_pod: dict[str, Json]) -> None:
    for name, content in every_pod.items():
        assert restricted_violations(content["spec"]) == [], name
        [container] = content["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert content["spec"]["restartPolicy"] == "Never", name


def test_the_check_of_restricted_finds_what_a_bare_pod_lacks() -> None:
    bare = {
        "hostNetwork": True,
        "volumes": [{"name": "host", "hostPath": {"path": "/"}}],
        "containers": [{"name": "base", "securityContext": {"privileged": True, "runAsUser": 0}}],
    }
    assert restricted_violations(bare) == [
        *(
            "hostNetwork",
            "volume host",
            "base: privileged",
            "base: allowPrivilegeEscalation",
            "base: capabilities",
        ),
        *("base: runAsNonRoot", "base: runAsUser", "base: seccompProfile"),
    ]


@pytest.mark.parametrize(
    "volumes",
    [
        # A cloud stack, whose data is in a bucket and whose Postgres needs no authority of its own.
        [],
        # A bucket or MinIO, and the platform's own Postgres.
        [POSTGRES_CA],
        # minikube with local folders.
        [POSTGRES_CA, DATA, DAG_FILES],
    ],
)
def test_volumes_by_mode(load_dags: Callable[[Json], DagBag], volumes: list[Volume]) -> None:
    bag = load_dags(platform_json(*volumes))
    assert bag.import_errors == {}
    for name, content in pods(bag).items():
        assert content["spec"]["volumes"] == [volume for volume, _ in (TMP, *volumes)], name
        assert content["spec"]["containers"][0]["volumeMounts"] == [mount for _, mount in (TMP, *volumes)], name


@pytest.mark.parametrize("in_cluster", [True, False])
def test_airflow_outside_the_cluster_uses_its_kubeconfig(load_dags: Callable[[Json], DagBag], in_cluster: bool) -> None:
    bag = load_dags({**platform_json(), "inCluster": in_cluster})
    task = task_of(bag, "hello_kubernetes", "hello")
    assert (task.in_cluster, task.kubernetes_conn_id, task.config_file) == (in_cluster, None, None)
