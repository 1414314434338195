"""The DAGs on what the program itself writes for them: the two halves of platform.json agree."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from airflow.dag_processing.dagbag import DagBag

from sample import DAGS, Json
from test_pod_specs import pods, restricted_violations

TOP = DAGS.parent


def platform_stacks() -> list[str]:
    """The checked-in stacks, but those that make a cluster only."""
    layers = {
        file.name.split(".")[1]: yaml.safe_load(file.read_text(encoding="utf-8"))["config"].get("mlops:layers")
        for file in TOP.glob("Pulumi.*.yaml")
    }
    return sorted(stack for stack, chosen in layers.items() if chosen is None or "platform" in chosen)


def platform_of(stack: str, folder: Path) -> Json:
    """The ConfigMap's text, from an offline rendering of the stack as it is checked in."""
    command = ["node_modules/.bin/node", "preview/preview.ts", "--stack", stack, "--out", str(folder)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [file] = folder.glob("kubernetes/*-configmap-airflow-platform.yaml")
    content: Json = json.loads(yaml.safe_load(file.read_text(encoding="utf-8"))["data"]["platform.json"])
    return content


@pytest.mark.parametrize("stack", platform_stacks())
def test_every_dag_runs_on_the_checked_in_stack(
    stack: str, load_dags: Callable[[Json], DagBag], tmp_path: Path
) -> None:
    content = platform_of(stack, tmp_path / "out")
    bag = load_dags(content)
    assert bag.import_errors == {}
    in_verify = [name for name in bag.dags if name.startswith("verify_")]
    assert len(bag.dags) - len(in_verify) == len(list(DAGS.glob("*.py")))
    assert sorted(in_verify) == [f"verify_pageviews_{step}" for step in ("ingest", "predict", "train")]
    for name, task in pods(bag).items():
        [container] = task["spec"]["containers"]
        assert container["image"] in content["images"].values(), name
        assert container["resources"].keys() == {"requests", "limits"}, name
        assert [kind for source in container["envFrom"] for kind in source] == ["configMapRef", "secretRef"], name
        assert task["spec"]["automountServiceAccountToken"] is False, name
        assert restricted_violations(task["spec"]) == [], name
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        # An image from another repository keeps its own user.
        assert "runAsUser" not in task["spec"]["securityContext"], name
    check = pods(bag)["platform_check.check_pageviews"]
    assert check["metadata"]["namespace"] == content["projects"]["pageviews"]["namespace"]
    assert check["spec"]["serviceAccountName"] == "pageviews"
