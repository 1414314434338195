"""Areas and centres of known shapes, read from and written to a folder and a bucket."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import services
from upath import UPath

from geo.cli import main


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """The variables that a pod has for an S3 server, which has the bucket `projects`."""
    server, url = services.s3_server()
    server.wait()
    services.create_buckets(url, "projects")
    yield {**services.S3_ENVIRONMENT, "AWS_ENDPOINT_URL_S3": url}
    server.stop()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith(("AWS_", "DATA_URI")):
            monkeypatch.delenv(name)
    return monkeypatch


def square(west: float, south: float) -> dict[str, Any]:
    """One degree by one degree."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in corners]]}


def geojson(**squares: dict[str, Any]) -> str:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in squares.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def assert_measured(table: pd.DataFrame) -> None:
    assert list(table.columns) == ["name", "area_km2", "longitude", "latitude"]
    # A degree of latitude is 110.6 km at the equator, of longitude 111.3 km; at 60 degrees half of that.
    assert table["area_km2"].to_list() == pytest.approx([12309, 6122], rel=0.001)
    assert table["longitude"].to_list() == [5.5, 10.5]
    assert table["latitude"].to_list() == pytest.approx([0.5, 60.5], abs=0.01)


SQUARES = geojson(equator=square(5, 0), north=square(10, 60))


def test_a_local_folder(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    (tmp_path / "squares.geojson").write_text(SQUARES)
    assert main(["areas", "squares.geojson", "tables/squares.csv"]) == 0
    assert_measured(pd.read_csv(tmp_path / "tables" / "squares.csv"))
    assert (
        capsys.readouterr().out
        == f"2 shapes with 18,432 km² in total: file://{tmp_path}/tables/squares.csv\n"
    )


def test_a_bucket(environment: pytest.MonkeyPatch, s3: dict[str, str]) -> None:
    for name, value in {**s3, "DATA_URI": "s3://projects/examples"}.items():
        environment.setenv(name, value)
    UPath("s3://projects/examples/squares.geojson").write_text(SQUARES)
    assert main(["areas", "squares.geojson", "squares.csv"]) == 0
    with UPath("s3://projects/examples/squares.csv").open() as file:
        assert_measured(pd.read_csv(file))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "shapes.geojson cannot be read: FileNotFoundError: "),
        ("no shapes", "shapes.geojson has no shapes that GDAL can read: "),
    ],
)
def test_what_cannot_be_read(
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    message: str,
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    if content is not None:
        (tmp_path / "shapes.geojson").write_text(content)
    assert main(["areas", "shapes.geojson", "shapes.csv"]) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_no_data_location_says_where_it_comes_from(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["areas", "shapes.geojson", "shapes.csv"]) == 1
    assert capsys.readouterr().err.startswith(
        "geo areas: DATA_URI is not set: it is where the project's data is"
    )
