"""The command line of the package: what a DAG's pod runs."""

import argparse
import sys
from collections.abc import Sequence

from geo.errors import GeoError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, or 1 after one sentence on standard error."""
    options = parser().parse_args(arguments)
    try:
        # GeoPandas takes a second to import: not for --help.
        from geo import shapes

        shapes.measure(options.input, options.output)
    except GeoError as error:
        print(f"geo {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(prog="geo", description="Measures shapes. Files are below DATA_URI.")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "areas",
        help="write each shape's area and centre as CSV",
        description="Reads shapes (GeoJSON, GeoPackage, a zipped Shapefile: whatever GDAL reads from one "
        "file) and writes their attributes with area_km2, longitude and latitude as CSV.",
    )
    command.add_argument("input", help="the shapes' file below DATA_URI, for example countries.geojson")
    command.add_argument("output", help="the table's file below DATA_URI, for example countries.csv")
    return root
