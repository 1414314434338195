"""Running PostgreSQL's own programs: what they read and write goes through pipes, and a failure says why."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO

from backup.errors import DatabaseError

Sink = Callable[[bytes], None]


def feed(command: list[str], blocks: Iterable[bytes], stdout: IO[bytes]) -> None:
    """Runs a program on an archive, which it need not read to its end."""
    with (
        program(command, stdin=subprocess.PIPE, stdout=stdout) as process,
        piped(process) as pipe,
    ):
        for block in blocks:
            if not write(pipe, block):
                break


def stream(command: list[str], write: Sink) -> None:
    """Runs a program and passes on what it prints."""
    with program(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101
        while block := process.stdout.read(2**20):
            write(block)


def output(command: list[str]) -> bytes:
    """Runs a program and returns what it prints."""
    blocks: list[bytes] = []
    stream(command, blocks.append)
    return b"".join(blocks)


@contextmanager
def program(
    command: list[str], stdin: int = subprocess.DEVNULL, stdout: int | IO[bytes] = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs one of PostgreSQL's programs for the length of a `with`; raises DatabaseError where it fails."""
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
        )
    except FileNotFoundError as error:
        raise DatabaseError(f"{command[0]} is not installed: run this in images/backup") from error
    complaints: list[bytes] = []
    assert process.stderr is not None  # noqa: S101
    # A program that writes more than a pipe holds would wait for a reader.
    reader = Thread(target=lambda stream: complaints.append(stream.read()), args=(process.stderr,))
    reader.start()
    cause: BaseException | None = None
    try:
        yield process
    except BaseException as error:
        cause = error
    status = _end(process, kill=cause is not None)
    reader.join()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    # A program that others feed or read fails first, and they fail for it.
    if status > 0 and (cause is None or isinstance(cause, DatabaseError)):
        raise DatabaseError(f"{command[0]} failed: {_complaint(b''.join(complaints), status)}") from cause
    if cause is not None:
        raise cause
    if status != 0:
        raise DatabaseError(f"{command[0]} was killed by signal {-status}")


def _end(process: subprocess.Popen[bytes], *, kill: bool) -> int:
    if kill:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


@contextmanager
def piped(process: subprocess.Popen[bytes]) -> Iterator[IO[bytes]]:
    """The input of a program, which ends with the block."""
    assert process.stdin is not None  # noqa: S101
    try:
        yield process.stdin
    finally:
        # Input that an ended program did not read is not an error of its own: the exit status shows the failure.
        with suppress(BrokenPipeError):
            process.stdin.close()


def write(pipe: IO[bytes], block: bytes) -> bool:
    """Whether the reader is still alive."""
    try:
        pipe.write(block)
        pipe.flush()
    except BrokenPipeError:
        return False
    return True


def _complaint(output: bytes, status: int) -> str:
    """The line that says what went wrong; never the ones after it, which quote rows."""
    lines = output.decode(errors="replace").splitlines()
    wrong = [line for line in lines if "error:" in line or "ERROR:" in line or "FATAL:" in line]
    return (wrong or [f"exit status {status}"])[0].strip()
