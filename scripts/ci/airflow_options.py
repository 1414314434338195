#!/usr/bin/env python3
"""
Writes components/airflow/site/options.json, the names of Airflow's options by section.

    scripts/ci/airflow_options.py 3.3.2 SITE_PACKAGES > components/airflow/site/options.json

SITE_PACKAGES is a folder with Airflow of that version and the providers of its image. The names come from
config_templates/config.yml and from each provider's get_provider_info.py. Options that have been renamed are in
the list under both names, since Airflow reads both. The interpreter needs PyYAML.
"""

import ast
import json
import runpy
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml


def options_of(packages: Path) -> dict[str, list[str]]:
    airflow = packages / "airflow"
    names = set(declared(yaml.safe_load((airflow / "config_templates/config.yml").read_text(encoding="utf-8"))))
    for path in (airflow / "providers").rglob("get_provider_info.py"):
        names.update(declared(runpy.run_path(str(path))["get_provider_info"]().get("config") or {}))
    names.update(renamed((airflow / "_shared/configuration/parser.py").read_text(encoding="utf-8")))
    sections = sorted({section for section, _ in names})
    return {name: sorted(option for section, option in names if section == name) for name in sections}


def declared(config: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for section, body in config.items():
        for option in body.get("options") or {}:
            yield section, option


def renamed(parser: str) -> Iterator[tuple[str, str]]:
    """The sections and names by which options were known before."""
    for node in ast.walk(ast.parse(parser)):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "deprecated_options" and node.value:
            for section, option, _since in ast.literal_eval(node.value).values():
                yield section, option


if __name__ == "__main__":
    version, folder = sys.argv[1:]
    print(json.dumps({"airflow": version, "sections": options_of(Path(folder))}, indent=2))
