"""platform.json: what is wrong with it is said with the key, the value and what is expected."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.platform import PlatformError, load
from sample import DATA, POSTGRES_CA, platform_json

Json = dict[str, Any]


def written(folder: Path, content: object) -> Path:
    file = folder / "platform.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_the_projects_and_images_of_a_file(tmp_path: Path) -> None:
    platform = load(written(tmp_path, platform_json(POSTGRES_CA, DATA)))
    assert platform.image("papermill") == "registry.example.org/mlops/papermill:0.1.0"
    assert platform.in_cluster is True
    project = platform.project("pageviews")
    assert project.namespace == "pageviews"
    assert project.pod.resources.limits == {"cpu": "1", "memory": "1Gi"}


def test_a_pod_template_keeps_the_keys_that_only_kubernetes_reads(tmp_path: Path) -> None:
    content = platform_json(POSTGRES_CA, DATA)
    template = content["projects"]["pageviews"]["pod"]
    template["spec"]["containers"][0]["resources"]["claims"] = [{"name": "gpu"}]
    assert load(written(tmp_path, content)).project("pageviews").pod.model_dump(mode="json") == template


def change(*path: str | int, to: object) -> Callable[[Json], None]:
    def apply(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return apply


IMAGE = ("images", "pageviews")
PROJECT = ("projects", "pageviews")
CONTAINERS = (*PROJECT, "pod", "spec", "containers")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            change("version", to=2),
            "version: Input should be 1: use the DAGs and the platform's program of the same commit, found 2",
        ),
        (change("version", to=True), "version: Input should be a valid integer, found True"),
        (change("images", to=[]), "images: Input should be an object, found []"),
        (
            change(*IMAGE, to="mlops/pageviews"),
            "images.pageviews: Input should have an exact tag (other than latest) or a sha256 digest, found "
            "'mlops/pageviews'",
        ),
        (
            change(*IMAGE, to="registry:5000/pageviews"),
            "images.pageviews: Input should have an exact tag",
        ),
        (
            change(*IMAGE, to="mlops/pageviews:latest"),
            "images.pageviews: Input should have an exact tag",
        ),
        (change("inCluster", to="no"), "inCluster: Input should be a valid boolean, found 'no'"),
        (change(*PROJECT, to=None), "projects.pageviews: Input should be an object, found None"),
        (
            change(*PROJECT, "namespace", to="Page Views"),
            "projects.pageviews.namespace: Input should be a Kubernetes name of a-z, 0-9, - and ., found 'Page Views'",
        ),
        (
            change(*CONTAINERS, 0, "resources", "limits", "cpu", to=1),
            "projects.pageviews.pod.spec.containers[0].resources.limits.cpu: Input should be a valid string, found 1",
        ),
        (
            change(*CONTAINERS, 0, "name", to="main"),
            "projects.pageviews.pod.spec.containers[0].name: Input should be 'base', found 'main'",
        ),
        (
            change(*CONTAINERS, to=[]),
            "projects.pageviews.pod.spec.containers[0]: Field required: use the DAGs and the platform's program of "
            "the same commit",
        ),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, wrong: Callable[[Json], None], message: str) -> None:
    content = platform_json(POSTGRES_CA)
    wrong(content)
    file = written(tmp_path, content)
    with pytest.raises(PlatformError) as refused:
        load(file)
    assert str(refused.value).startswith(f"{file}: {message}")


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    content = platform_json(POSTGRES_CA)
    del content["projects"]["pageviews"]["pod"]
    content["projects"]["verify"]["namespace"] = ""
    file = written(tmp_path, content)
    with pytest.raises(PlatformError) as refused:
        load(file)
    assert str(refused.value).splitlines() == [
        f"{file}: projects.pageviews.pod: Field required: use the DAGs and the platform's program of the same commit",
        f"{file}: projects.verify.namespace: Input should be a Kubernetes name of a-z, 0-9, - and ., found ''",
    ]


def test_a_digest_pins_an_image(tmp_path: Path) -> None:
    reference = f"mlops/pageviews@sha256:{'a' * 64}"
    content = platform_json()
    content["images"]["pageviews"] = reference
    assert load(written(tmp_path, content)).image("pageviews") == reference


def test_a_missing_file_says_who_writes_it(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"platform\.json does not exist: the platform's program mounts it"):
        load(tmp_path / "platform.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "Invalid JSON: EOF while parsing an object"), ("[]", r"Input should be an object, found \[\]$")],
)
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "platform.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlatformError, match=message):
        load(file)
