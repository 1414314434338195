"""A platform.json of the tests' own, and where it stands for the DAGs."""

import json
from pathlib import Path
from typing import Any

DAGS = Path(__file__).parents[2] / "dags"

Json = dict[str, Any]

Volume = tuple[Json, Json]
"""A volume and its mount."""

TMP: Volume = ({"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "tmp", "mountPath": "/tmp"})
POSTGRES_CA: Volume = (
    {"name": "postgres-ca", "configMap": {"name": "postgres-ca"}},
    {"name": "postgres-ca", "mountPath": "/etc/postgres-ca", "readOnly": True},
)
DATA: Volume = (
    {"name": "data", "persistentVolumeClaim": {"claimName": "data", "readOnly": False}},
    {"name": "data", "mountPath": "/data", "readOnly": False},
)
DAG_FILES: Volume = (
    {"name": "dags", "persistentVolumeClaim": {"claimName": "dags", "readOnly": True}},
    {"name": "dags", "mountPath": "/dags", "readOnly": True},
)


def project(name: str, *volumes: Volume) -> Json:
    """A project as components/project/task-pod.ts writes it, with names that tell its objects apart."""
    container = {
        "name": "base",
        "imagePullPolicy": "IfNotPresent",
        "envFrom": [
            {"configMapRef": {"name": f"{name}-settings", "optional": True}},
            {"secretRef": {"name": f"{name}-secrets", "optional": True}},
        ],
        "resources": {
            "requests": {"cpu": "100m", "memory": "256Mi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [mount for _, mount in (TMP, *volumes)],
    }
    labels = {
        "app.kubernetes.io/component": "task",
        "app.kubernetes.io/part-of": name,
        "app.kubernetes.io/managed-by": "airflow",
    }
    spec = {
        "serviceAccountName": f"{name}-tasks",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "fsGroup": 10001,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [volume for volume, _ in (TMP, *volumes)],
    }
    return {"namespace": name, "pod": {"metadata": {"namespace": name, "labels": labels}, "spec": spec}}


def platform_json(*volumes: Volume) -> Json:
    """A platform with the three projects of the checked-in stacks, whose pods mount these volumes."""
    images = ("pageviews", "pandas-basic", "geopandas", "scikit-learn", "papermill")
    return {
        "version": 1,
        "images": {name: f"registry.example.org/mlops/{name}:0.1.0" for name in images},
        "projects": {name: project(name, *volumes) for name in ("examples", "pageviews", "verify")},
    }


def write(airflow_home: Path, content: Json) -> None:
    """Makes it the platform of this Airflow."""
    file = airflow_home / "platform" / "platform.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
