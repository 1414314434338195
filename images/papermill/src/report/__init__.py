"""Runs a notebook with parameters and stores it, with an HTML page, where the project's data is."""
