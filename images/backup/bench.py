"""Measures a backup and a restore on this machine: python bench.py [--mib 1024]

Two servers of PostgreSQL on this machine's disk, S3 by moto. Rows are as those of the pageviews pipeline, with
text that compresses about as well as a task log.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import boto3

sys.path.insert(0, str(Path(__file__).parent / "tests"))

from conftest import Server, free_port, running

ROW = (
    "INSERT INTO views SELECT n, 'en.wikipedia', 'Article_' || n % 5000, date '2020-01-01' + n % 2000,"
    " (random() * 1e6)::int, repeat(md5(n::text), 4) FROM generate_series({first}, {last}) n"
)


def fill(server: Server, mib: int) -> None:
    server.execute("airflow", "CREATE TABLE views (id bigint, site text, article text, day date, views int, note text)")
    first = 1
    while int(server.execute("airflow", "SELECT pg_database_size('airflow')")[0][0]) < mib * 2**20:
        server.execute("airflow", ROW.format(first=first, last=first + 99_999))
        first += 100_000
    server.execute("airflow", "ALTER TABLE views ADD PRIMARY KEY (id)", "CREATE INDEX ON views (article, day)")


def measured(*arguments: str) -> None:
    """Runs the command as a process of its own and prints its time and its greatest memory."""
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "backup", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    seconds, memory = time.monotonic() - started, usage.ru_maxrss / 1024
    print(f"backup {' '.join(arguments)}: {seconds:.1f} s, {memory:.0f} MiB, exit code {status >> 8}", flush=True)


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    sys.exit("moto did not start")


def bench(mib: int) -> None:
    binaries = Path(os.environ.get("POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
    os.environ["PATH"] = f"{binaries}:{os.environ['PATH']}"
    with ExitStack() as stack:
        source, target = (stack.enter_context(running(binaries)) for _ in range(2))
        port = free_port()
        # In a process of its own: what this one holds would count as memory of the processes that it starts.
        s3 = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
        moto = subprocess.Popen(s3, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(moto.terminate)
        endpoint = f"http://127.0.0.1:{port}"
        wait_for(port)
        os.environ.update(
            AWS_ENDPOINT_URL_S3=endpoint, AWS_ACCESS_KEY_ID="b", AWS_SECRET_ACCESS_KEY="b", AWS_REGION="us-east-1"
        )
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="mlops")
        os.environ.update(BACKUP_URI="s3://mlops/backups", BACKUP_DATABASES="airflow")
        for server in (source, target):
            server.provision("airflow")
        fill(source, mib)
        [(size,)] = source.execute("airflow", "SELECT pg_database_size('airflow')")
        [(rows,)] = source.execute("airflow", "SELECT count(*) FROM views")
        print(f"database: {size / 2**20:.0f} MiB with indexes, {rows} rows", flush=True)
        os.environ.update(source.environment)
        measured("run")
        measured("verify")
        os.environ.update(target.environment)
        measured("restore")
        measured("compare")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mib", type=int, default=1024, help="size of the database (default: 1024)")
    bench(parser.parse_args().mib)
