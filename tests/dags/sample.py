"""A platform.json of the tests' own, and where it stands for the DAGs."""

import json
from pathlib import Path
from typing import Any

DAGS = Path(__file__).parents[2] / "dags"

Json = dict[str, Any]

POSTGRES_CA = {
    "name": "postgres-ca",
    "configMap": "postgres-ca",
    "mountPath": "/etc/postgres-ca",
    "readOnly": True,
}
DATA = {"name": "data", "claim": "data", "mountPath": "/data", "readOnly": False}
DAG_FILES = {"name": "dags", "claim": "dags", "mountPath": "/dags", "readOnly": True}


def project(name: str, *volumes: Json) -> Json:
    return {
        "namespace": name,
        "serviceAccount": f"{name}-tasks",
        "configMap": f"{name}-settings",
        "secret": f"{name}-secrets",
        "resources": {
            "requests": {"cpu": "100m", "memory": "256Mi"},
            "limits": {"cpu": "1", "memory": "1Gi"},
        },
        "volumes": [dict(volume) for volume in volumes],
    }


def platform_json(*volumes: Json) -> Json:
    """A platform with the three projects of the checked-in stacks, whose pods mount these volumes."""
    images = ("pageviews", "pandas-basic", "geopandas", "scikit-learn", "papermill")
    return {
        "version": 1,
        "images": {name: f"registry.example.org/mlops/{name}:0.1.0" for name in images},
        "imagePullPolicy": "IfNotPresent",
        "projects": {name: project(name, *volumes) for name in ("examples", "pageviews", "verify")},
    }


def write(airflow_home: Path, content: Json) -> None:
    """Makes it the platform of this Airflow."""
    file = airflow_home / "platform" / "platform.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
