"""Measures shapes: areas and centres, from and to where the project's data is."""
