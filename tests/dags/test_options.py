"""The names of Airflow's options that the program knows are those of the Airflow that is installed."""

import json
from pathlib import Path

import yaml
from airflow import __file__ as airflow
from airflow import __version__ as version

TOP = Path(__file__).resolve().parents[2]


def test_the_options_are_those_of_airflow() -> None:
    known = json.loads((TOP / "components/airflow/site/options.json").read_text(encoding="utf-8"))
    file = Path(airflow).parent / "config_templates/config.yml"
    declared = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert known["airflow"] == version
    missing = {
        f"{section}.{option}"
        for section, body in declared.items()
        for option in body["options"]
        if option not in known["sections"].get(section, [])
    }
    assert missing == set(), "run scripts/ci/airflow_options.py"
