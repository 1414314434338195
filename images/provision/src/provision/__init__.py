"""Idempotent jobs that make the platform's roles, databases, buckets and users."""
