"""Prepares the database of MLflow's tracking server."""
