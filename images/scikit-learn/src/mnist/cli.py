"""The command line of the package: what the DAG's pods run."""

import argparse
import sys
from collections.abc import Sequence

from mnist.errors import MnistError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, or 1 after one sentence on standard error."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except MnistError as error:
        print(f"mnist {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="mnist",
        description="Trains a classifier of handwritten digits. DATA_URI is the location of the data set, "
        "MLFLOW_TRACKING_URI the server that logs the run.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser(
        "seed", help="copy MNIST's four files to DATA_URI/mnist unless they exist there"
    )
    command.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="PLACE",
        help="a folder or a URL with the files, for example "
        "https://storage.googleapis.com/cvdf-datasets/mnist (default: none, only list the existing files)",
    )
    command.set_defaults(run=_seed)

    command = commands.add_parser("train", help="train on MNIST, or on scikit-learn's digits without it")
    command.add_argument("--run-name", help="the run's name in MLflow (default: MLflow generates one)")
    command.add_argument("--seed", type=int, default=0, help="seed of everything random (default: 0)")
    command.set_defaults(run=_train)
    return root


# NumPy, scikit-learn and MLflow take seconds to import: not for --help.


def _seed(options: argparse.Namespace) -> None:
    from mnist import dataset

    dataset.seed(options.source)


def _train(options: argparse.Namespace) -> None:
    from mnist import training

    training.train(run_name=options.run_name, seed=options.seed)
