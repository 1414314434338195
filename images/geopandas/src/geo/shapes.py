"""Areas and centres of shapes."""

import io
import os

import geopandas
import pandas as pd
from upath import UPath

from geo.errors import GeoError

EQUAL_AREA = "EPSG:6933"
"""A projection of the whole world (but the poles) in which a square metre is one everywhere."""

LONGITUDE_LATITUDE = "EPSG:4326"


def measure(source: str, target: str) -> None:
    """Reads the shapes at ``source`` and writes the table to ``target``, both below DATA_URI."""
    folder = _data()
    content = _read(folder / source)
    try:
        shapes = geopandas.read_file(io.BytesIO(content))
    except Exception as error:
        raise GeoError(f"{folder / source} has no shapes that GDAL can read: {_one_line(error)}") from None
    table = areas(shapes, source)
    _write(folder / target, table.to_csv(index=False))
    print(f"{len(table)} shapes with {table['area_km2'].sum():,.0f} km² in total: {folder / target}")


def areas(shapes: "geopandas.GeoDataFrame", name: str) -> pd.DataFrame:
    """The shapes' attributes with their area in km² and the degrees of their centre."""
    if shapes.crs is None:
        raise GeoError(
            f"{name} does not state its coordinate system: save it with one, for example EPSG:4326"
        )
    flat = shapes.geometry.to_crs(EQUAL_AREA)
    centre = flat.centroid.to_crs(LONGITUDE_LATITUDE)
    table = pd.DataFrame(shapes.drop(columns=shapes.geometry.name))
    return table.assign(
        area_km2=(flat.area / 1e6).round(3), longitude=centre.x.round(6), latitude=centre.y.round(6)
    )


def _data() -> UPath:
    uri = os.environ.get("DATA_URI", "")
    if not uri:
        raise GeoError(
            "DATA_URI is not set: it is where the project's data is, for example s3://projects/examples or "
            "file:///data, and comes from the project's ConfigMap"
        )
    return UPath(uri)


def _read(file: UPath) -> bytes:
    try:
        return bytes(file.read_bytes())
    # Each store raises errors of its own: OSError, botocore's, gcsfs's.
    except Exception as error:
        raise GeoError(f"{file} cannot be read: {_one_line(error)}") from None


def _write(file: UPath, text: str) -> None:
    try:
        if file.protocol in ("", "file", "local"):
            file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except Exception as error:
        raise GeoError(f"{file} cannot be written: {_one_line(error)}") from None


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
