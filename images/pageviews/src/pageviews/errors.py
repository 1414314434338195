"""Failures that an operator can act on: each says what to do and has its own exit code."""


class PageviewsError(Exception):
    """An expected failure; its text is one clear sentence and never holds a secret."""

    exit_code = 1


class ConfigurationError(PageviewsError):
    """A wrong argument or environment variable."""

    exit_code = 2


class UpstreamError(PageviewsError):
    """The pageviews API does not answer, or not with what it promises."""

    exit_code = 3


class DatabaseError(PageviewsError):
    """Postgres cannot be reached or refuses."""

    exit_code = 4


class RegistryError(PageviewsError):
    """MLflow cannot be reached or refuses, or has no model for what is asked."""

    exit_code = 5


class StorageError(PageviewsError):
    """DATA_URI cannot be read or written."""

    exit_code = 6


class DataQualityError(PageviewsError):
    """The views in Postgres are not fit for training or prediction."""

    exit_code = 7


class MissingDataError(DataQualityError):
    """Views that the pipeline needs are not in Postgres, or not yet."""


class MissingModelError(RegistryError):
    """MLflow has no model for what is asked, or not yet."""


class NotYetError(PageviewsError):
    """What an earlier step brings is not there yet, in a project that has no predictions so far."""

    exit_code = 8
