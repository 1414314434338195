"""Backups of the platform's databases in object storage."""

__version__ = "0.1.0"
