"""The command line: `provision {postgres,logins,minio,mlflow} --spec FILE [--retire]`."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from provision import minio, mlflow, postgres
from provision.errors import ProvisionError

Job = Callable[[Path, float], None]

# The jobs that revoke the credentials of earlier generations than the spec's.
RETIREMENTS: dict[str, Job] = {"postgres": postgres.retire, "minio": minio.retire}

JOBS: dict[str, tuple[Job, str]] = {
    "postgres": (
        postgres.run,
        "Create roles and their databases. The administrator's connection comes from libpq's own variables: "
        "PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE, PGSSLROOTCERT. "
        "If a server still has PREVIOUS_PGPASSWORD, the job sets its password to PGPASSWORD.",
    ),
    "logins": (
        postgres.check,
        "Check databases and logins that a DBA made. The server comes from libpq's own variables: "
        "PGHOST, PGPORT, PGSSLMODE, PGSSLROOTCERT. The job changes nothing.",
    ),
    "minio": (minio.run, "Create buckets, and users with a policy that names exactly what they may access."),
    "mlflow": (mlflow.run, "Create the users of an MLflow tracking server with basic authentication."),
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    # The first process of a container ignores SIGTERM unless it asks for it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    job = RETIREMENTS[options.job] if options.retire else JOBS[options.job][0]
    try:
        job(options.spec, options.timeout_seconds)
    except ProvisionError as error:
        print(f"provision {options.job}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="provision",
        description="Prepares the platform's servers for their clients. You can repeat every job at any "
        "time: it creates missing objects, corrects differences, and deletes no data.",
    )
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    for name, (_, purpose) in JOBS.items():
        job = jobs.add_parser(name, help=purpose.partition(". ")[0].rstrip("."), description=purpose)
        job.add_argument(
            "--spec", type=Path, required=True, metavar="FILE", help="the objects to create, as JSON"
        )
        if name in RETIREMENTS:
            job.add_argument(
                "--retire", action="store_true", help="revoke the credentials of earlier generations instead"
            )
        else:
            job.set_defaults(retire=False)
        job.add_argument(
            "--timeout-seconds",
            type=_seconds,
            default=300.0,
            metavar="N",
            help="how long to wait for the server (default: 300)",
        )
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds from 0 to 86400")
    return value
