"""
How long each DAG file takes to import, beyond Airflow and the Kubernetes provider: a table, then the same as JSON.

Every import is that of a fresh interpreter, which loads Airflow and the provider first; medians of `--runs`. The files
take turns, so that what else the machine does hits all of them. `make bench` runs it.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sample import DAGS, platform_json, write

LIMIT_SECONDS = 0.5
BASE = "Airflow and the provider"


def main() -> None:
    parser = argparse.ArgumentParser(description="How long each DAG file takes to import, beyond Airflow.")
    parser.add_argument("--runs", type=int, default=3, help="imports of each file; the median counts (default: 3)")
    parser.add_argument("--one", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(seconds_of_one(options.one)))
        return
    seconds = measure(sorted(DAGS.glob("*.py")), options.runs)
    base = seconds.pop(BASE)
    targets = [
        {"name": f"import of {name}, seconds", "value": value, "limit": LIMIT_SECONDS, "holds": value <= LIMIT_SECONDS}
        for name, value in seconds.items()
    ]
    rows = [
        [str(target["name"]), f"{target['value']:.3f}", str(LIMIT_SECONDS), "holds" if target["holds"] else "missed"]
        for target in targets
    ]
    print(table([["Target", "measured", "limit", ""], *rows]))
    print(f"\n{BASE} before each: {base:.1f} s\n")
    # A machine that does other work shows slower figures than its processors could.
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    report = {"machine": machine, "airflowAndProviderSeconds": base, "runs": options.runs, "targets": targets}
    print(json.dumps(report, indent=2))


def measure(files: Sequence[Path], runs: int) -> dict[str, float]:
    """The median of each file's import, by its name, and that of what is loaded before."""
    found: dict[str, list[float]] = {BASE: [], **{file.name: [] for file in files}}
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        write(Path(home), platform_json())
        environment = {**os.environ, "AIRFLOW_HOME": home, "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}

        def import_in_fresh_interpreter(file: Path) -> tuple[float, float]:
            command = [sys.executable, __file__, "--one", str(file)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            base, own = json.loads(done.stdout)
            return base, own

        # The first one writes byte code and Airflow's configuration, which a deployment has.
        import_in_fresh_interpreter(files[0])
        for file in [file for _ in range(runs) for file in files]:
            base, own = import_in_fresh_interpreter(file)
            found[BASE].append(base)
            found[file.name].append(own)
    return {name: round(statistics.median(taken), 3) for name, taken in found.items()}


def seconds_of_one(file: Path) -> tuple[float, float]:
    """For a fresh interpreter: what Airflow and the provider take in it, and then the file."""
    from observe_import import import_file, load_airflow

    base = timed(load_airflow)
    sys.path.insert(0, str(file.parent))
    return base, timed(lambda: import_file(file))


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def table(rows: Sequence[Sequence[str]]) -> str:
    """Aligns rows below a heading: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


if __name__ == "__main__":
    main()
