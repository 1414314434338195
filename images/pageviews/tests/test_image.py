"""What the image installs is what is locked and tested.

requirements.txt is made from the lock:
uv export --frozen --no-dev --group build --no-emit-project --no-header -o requirements.txt
"""

import re
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]


def locked() -> dict[str, Any]:
    packages = tomllib.loads((FOLDER / "uv.lock").read_text())["package"]
    return {f"{package['name']}=={package.get('version')}": package for package in packages}


def required() -> dict[str, set[str]]:
    """Each requirement of the image with its hashes."""
    found: dict[str, set[str]] = {}
    for line in (FOLDER / "requirements.txt").read_text().splitlines():
        if match := re.match(r"[a-z0-9.-]+==[^ ;]+", line):
            hashes = found.setdefault(match[0], set())
        hashes.update(re.findall(r"--hash=(sha256:[0-9a-f]{64})", line))
    return found


def test_every_requirement_and_hash_of_the_image_is_in_the_lock() -> None:
    packages = locked()
    assert required().keys() <= packages.keys()
    for name, hashes in required().items():
        files = [*packages[name].get("wheels", []), packages[name].get("sdist", {})]
        assert hashes, name
        assert hashes <= {file.get("hash") for file in files}, name


def test_everything_that_the_package_needs_is_in_the_image() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[<>=]", requirement)[0] for requirement in project["dependencies"]}
    assert names <= {requirement.split("==")[0] for requirement in required()}


def test_nothing_names_another_registry_than_pypi() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (FOLDER / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    assert "://" not in (FOLDER / "requirements.txt").read_text()


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (.+)$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["10001:10001"]
