"""Failures that an operator can act on, each with the exit code of its kind."""


class BackupError(Exception):
    """An expected failure; the command prints its text."""

    exit_code = 1


class UsageError(BackupError):
    """A wrong argument or environment."""

    exit_code = 2


class DatabaseError(BackupError):
    """Postgres, or one of its programs, refuses."""

    exit_code = 3


class StorageError(BackupError):
    """The object storage refuses."""

    exit_code = 4


class DamagedError(BackupError):
    """A backup is incomplete or damaged."""

    exit_code = 5


class RefusedError(BackupError):
    """A restore would destroy data, or clients still use the database."""

    exit_code = 6


class DifferentError(BackupError):
    """The restored databases differ from the backup's manifest."""

    exit_code = 7
